"""Which websites may read answers."""

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response

from api.problems import problem_response


class Cors(CORSMiddleware):
    """Starlette's own, but what it refuses is a problem document like every other refusal."""

    def preflight_response(self, request_headers: Headers) -> Response:
        response = super().preflight_response(request_headers)
        if response.status_code < 400:
            return response
        detail = "Deze website mag dit hier niet vragen. De beheerder kan haar noemen in de instelling origins."
        return problem_response(403, detail, {"Vary": "Origin"})
