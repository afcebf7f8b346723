"""schemathesis tries everything that the OpenAPI document allows, and much that it does not."""

import os
import re
import subprocess
import sys
from pathlib import Path

from live import listening, local
from qa.answer import Answerer

EXAMPLES = os.environ.get("BRONVAST_TEST_EXAMPLES", "12")  # 400 makes more than 2,000 cases
MEASUREMENT = """{"index": "x", "documents": {}, "measures": {"right": 1.0}, "comparison": null,
                  "questions": [{"right": true}, {"right": false}]}"""


def test_no_case_breaks_what_the_document_promises(fake_sample_answerer: Answerer, tmp_path: Path) -> None:
    measurement = tmp_path / "meting.json"
    measurement.write_text(MEASUREMENT, encoding="utf-8")
    service = local(fake_sample_answerer, hosts=("127.0.0.1",), queue=1000, evaluation=measurement)
    with listening(service) as address:
        done = subprocess.run(
            [
                str(Path(sys.executable).with_name("schemathesis")),
                "run", f"{address}/v1/openapi.json", "--checks", "all", "--max-examples", EXAMPLES, "--seed", "1",
            ],
            cwd=tmp_path, capture_output=True, text=True, timeout=1200,
        )  # fmt: skip
    cases = re.search(r"(\d+) generated, (\d+) passed", done.stdout)
    assert done.returncode == 0, done.stdout
    assert cases is not None, done.stdout
    assert cases[1] == cases[2]
    print(f"{cases[1]} gevallen")  # noqa: T201 - a figure, shown by pytest -s
    assert int(cases[1]) > 200
