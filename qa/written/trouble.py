"""What can be wrong with a language model, in words for the reader. A server's own words are never passed on."""

from enum import StrEnum

from corpus.errors import BronvastError


class Trouble(StrEnum):
    """Why nothing usable came, as the second half of a sentence."""

    SLOW = "het taalmodel was niet op tijd klaar"
    UNREACHABLE = "de server van het taalmodel is niet te bereiken"
    KEY = "de server van het taalmodel weigert de sleutel"
    UNKNOWN = "de server kent dit taalmodel of dit adres niet"
    BUSY = "het taalmodel is te druk"
    BROKEN = "de server van het taalmodel gaf een fout"
    REFUSED = "de server van het taalmodel weigert de vraag"
    FLOOD = "het taalmodel hield niet op"
    NONSENSE = "het taalmodel gaf geen bruikbare zinnen"
    WITHHELD = "de passages bevatten opdrachten aan een taalmodel en zijn niet verstuurd"
    UNSUPPORTED = "geen zin van het taalmodel volgde uit de citaten"


class ModelFailure(BronvastError):  # noqa: N818
    """A call that came to nothing; the message is the trouble."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(str(trouble))
        self.trouble = trouble


BY_STATUS = {
    401: Trouble.KEY,
    403: Trouble.KEY,
    404: Trouble.UNKNOWN,
    408: Trouble.SLOW,
    413: Trouble.REFUSED,
    422: Trouble.REFUSED,
    429: Trouble.BUSY,
    503: Trouble.BUSY,
    504: Trouble.SLOW,
}
BY_NAME = (
    (("TooMuch",), Trouble.FLOOD),
    (("TooLate", "Timeout"), Trouble.SLOW),
    (("Connect", "Network", "Protocol", "ReadError", "WriteError", "CloseError"), Trouble.UNREACHABLE),
)


def trouble_of(error: BaseException) -> Trouble:
    """What an error of any client library comes to, by its status or by the names of it and its causes."""
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        known = Trouble.REFUSED if 400 <= status < 500 else Trouble.BROKEN
        return BY_STATUS.get(status, known)
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and len(chain) < 10:
        chain.append(link)
        link = link.__cause__ or link.__context__
    for names, trouble in BY_NAME:
        if any(name in type(one).__name__ for one in chain for name in names):
            return trouble
    return Trouble.BROKEN
