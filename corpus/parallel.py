"""Reads many files at once: each in a process of its own where that is quicker than one after the other."""

import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.connection import wait
from pathlib import Path

from corpus.errors import BronvastError, InputError
from corpus.limits import Limits
from corpus.load import DocumentFile, Refused, load_document

# Starting a process takes about as long as reading this much.
PAYS_FROM_BYTES = 200_000


def load_each(paths: Sequence[Path], limits: Limits, processes: int) -> Iterator[DocumentFile | Refused]:
    """Every file read, or refused and why, in the order in which they are ready; in at most `processes` processes.

    Raises BronvastError when a process that reads is killed.
    """
    processes = min(processes, len(paths), sum(map(size_of, paths)) // PAYS_FROM_BYTES)
    if processes < 2:
        yield from map(partial(_load, limits=limits), paths)
        return
    others = set(active_children())
    with ProcessPoolExecutor(processes, get_context("spawn"), _follow_parent) as pool:
        futures: list[Future[DocumentFile | Refused]] = [pool.submit(_load, path, limits) for path in paths]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BrokenProcessPool as error:
            raise BronvastError(
                "Een proces dat documenten las, is onverwacht gestopt. Misschien was er te weinig geheugen. "
                "Probeer het opnieuw met threads = 1 in de instellingen. De oude index is niet veranderd."
            ) from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            if not all(future.done() for future in futures):
                for process in set(active_children()) - others:  # broken off: reading on is no use
                    process.kill()


def _load(path: Path, limits: Limits) -> DocumentFile | Refused:
    try:
        return load_document(path, limits)
    except InputError as error:
        return Refused(path, str(error))


def size_of(path: Path) -> int:
    """The bytes of a file, 0 for one that is gone."""
    return path.stat().st_size if path.is_file() else 0


def _follow_parent() -> None:
    """Leave Ctrl-C to the process that started this one, and end when that is gone, also by kill -9."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
