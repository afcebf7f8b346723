"""Drives one runner over standard input and output, a JSON object a line: `python serve.py RUNNER`.

Runs in the environment of the system it drives, where Bronvast is not installed, so it needs the standard library
alone. RUNNER is a file beside this one that holds `Runner`: made with the model's folder; `version`; `index(document)`,
which gives the number of pieces; `ask(question, k)`, which gives the texts found, best first.

    {"load": MODEL}                 -> {"seconds": 1.2, "version": "..."}
    {"index": DOCUMENT}             -> {"seconds": 1.2, "pieces": 3}
    {"ask": QUESTION, "k": 5}       -> {"seconds": 0.01, "found": ["...", "..."]}
"""

import importlib
import json
import os
import sys
import time
from collections.abc import Mapping
from typing import Any


def main() -> None:
    """Answer every line until the input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints must not stand between the answers
    module = importlib.import_module(sys.argv[1])
    runner: Any = None
    for line in sys.stdin:
        message = json.loads(line)
        started = time.perf_counter()
        if "load" in message:
            runner = module.Runner(message["load"])
            said: Mapping[str, Any] = {"version": runner.version}
        elif "index" in message:
            said = {"pieces": runner.index(message["index"])}
        else:
            said = {"found": runner.ask(message["ask"], message["k"])}
        seconds = time.perf_counter() - started
        answers.write(json.dumps({"seconds": seconds, **said}) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
