"""What stands beside Bronvast in eval.bench.peers, each in a Python environment of its own that is made here."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock
from platformdirs import user_cache_path

from corpus.errors import InputError

# What was installed stands in this file, so that a second run installs nothing.
INSTALLED = "bronvast-requirements.txt"
INSTALL_SECONDS = 1800
TOLD_LINES = 3
# The build for a processor: plain `torch` may bring gigabytes of CUDA libraries.
TORCH = "torch==2.13.0"


@dataclass(frozen=True, slots=True)
class Peer:
    """Another system: its name on the command line, how a table calls it, its runner, and what pip installs for it."""

    name: str
    label: str
    runner: str
    requirements: tuple[str, ...]


PEERS = (
    Peer(
        "llamaindex",
        "LlamaIndex",
        "llamaindex_quickstart",
        (TORCH, "llama-index==0.14.25", "llama-index-embeddings-huggingface==0.8.0"),
    ),
    Peer(
        "haystack",
        "Haystack",
        "haystack_quickstart",
        (TORCH, "haystack-ai==3.4.1", "sentence-transformers-haystack==2.0.0"),
    ),
    Peer("txtai", "txtai", "txtai_quickstart", (TORCH, "txtai==9.14.0")),
    Peer("cairn", "cairn-assistant (zonder model)", "cairn_quickstart", ("cairn-assistant==0.3.0",)),
)


class NotInstalledError(Exception):
    """A peer cannot be installed; the message says why, in Dutch."""


def default_folder() -> Path:
    """Where the environments are kept: the user's cache folder."""
    return user_cache_path("bronvast") / "peers"


def chosen_peers(names: list[str]) -> tuple[Peer, ...]:
    """The peers of these names, all without one. Raises InputError for a name that is none."""
    known = {peer.name: peer for peer in PEERS}
    if wrong := [name for name in names if name not in known]:
        raise InputError(f"--only {wrong[0]}: dit pakket staat niet in de vergelijking. Kies uit: {', '.join(known)}.")
    return tuple(known[name] for name in names) or PEERS


def install(peer: Peer, folder: Path, notify: Callable[[str], None]) -> Path:
    """The Python of the environment of a peer, made when it is not there yet. Raises NotInstalledError."""
    home = folder / peer.name
    python = home / "bin" / "python"
    wanted = "\n".join(peer.requirements)
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / f".{peer.name}.lock"):
        kept = home / INSTALLED
        if python.exists() and kept.is_file() and kept.read_text(encoding="utf-8") == wanted:
            return python
        notify(f"{peer.label}: wordt geïnstalleerd in {home}")
        _run(peer, [sys.executable, "-m", "venv", str(home)])
        _run(peer, [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *peer.requirements])
        kept.write_text(wanted, encoding="utf-8")
    return python


def _run(peer: Peer, command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_SECONDS)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise NotInstalledError(f"{peer.label}: installeren duurt langer dan {INSTALL_SECONDS} s") from error
    if done.returncode:
        told = " / ".join(line.strip() for line in done.stderr.strip().splitlines()[-TOLD_LINES:])
        raise NotInstalledError(f"{peer.label}: is niet te installeren met pip ({told})")
