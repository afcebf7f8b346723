"""A runner in a process of its own, spoken to in JSON lines; see eval/bench/runners/serve.py for the messages."""

import json
import os
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

SERVE = Path(__file__).parent / "runners" / "serve.py"
TOLD_LINES = 3


class RunnerError(Exception):
    """A runner stopped, took too long or said something else than was agreed; the message is in Dutch."""


class Driven:
    """A started runner. Leaving it ends its process.

    `threads` goes to it in the variables that NumPy, PyTorch and tokenizers read; hubs are told to stay offline.
    """

    def __init__(self, command: Sequence[str], threads: int, limit_seconds: float) -> None:
        self._limit = limit_seconds
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed on leaving)
        self._process = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=os.environ | _pinned(threads),
        )

    def tell(self, **message: Any) -> Mapping[str, Any]:
        """One message and the answer to it. Raises RunnerError."""
        assert self._process.stdin
        assert self._process.stdout
        timer = threading.Timer(self._limit, self._process.kill)
        timer.start()
        try:
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
            answer = json.loads(line)
        except (OSError, ValueError) as error:
            raise RunnerError(self._trouble(message, timer)) from error
        finally:
            timer.cancel()
        if not isinstance(answer, dict) or "seconds" not in answer:
            raise RunnerError(f"onverwacht antwoord op {next(iter(message))}: {line[:80]!r}")
        return answer

    def __enter__(self) -> "Driven":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        assert self._process.stdin
        try:
            self._process.stdin.close()
            self._process.wait(5)
        except (OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()
        self._errors.close()

    def _trouble(self, message: Mapping[str, Any], timer: threading.Timer) -> str:
        what = next(iter(message))
        if timer.finished.is_set():
            return f"{what} duurde langer dan {self._limit:g} s"
        self._errors.seek(0)
        lines = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        return f"gestopt bij {what}: {' / '.join(lines[-TOLD_LINES:]) or 'zonder melding'}"


def runner_command(python: Path, runner: str) -> list[str]:
    """What starts a runner with the Python of its environment."""
    return [str(python), str(SERVE), runner]


def _pinned(threads: int) -> dict[str, str]:
    counts = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS", "BRONVAST_THREADS")
    offline = dict.fromkeys(("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE"), "1")
    quiet = {"TOKENIZERS_PARALLELISM": "false", "HAYSTACK_TELEMETRY_ENABLED": "False", "PYTHONUTF8": "1"}
    return dict.fromkeys(counts, str(threads)) | offline | quiet
