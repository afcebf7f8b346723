"""Times reading, per page, for the documents in ../shared/pdf and the ones in use: `python -m eval.bench.reading`."""

import time
from pathlib import Path

from corpus.errors import InputError
from corpus.find import SUFFIXES, find_documents
from corpus.limits import Limits
from corpus.load import load_document

SHARED = Path("..") / "shared" / "pdf"


def main() -> None:
    """One line per document: pages, milliseconds per page from file to document, warnings of the reader."""
    paths = [path for path in sorted(SHARED.glob("*")) if path.suffix in SUFFIXES] if SHARED.is_dir() else []
    load_document(find_documents([], [], Path.cwd()).paths[0], Limits())  # what is loaded once does not count
    for path in [*paths, *find_documents([], [], Path.cwd()).paths]:
        started = time.perf_counter()
        try:
            file = load_document(path, Limits())
        except InputError as error:
            print(f"{path.name}: {error}")
            continue
        pages = len(file.document.page_starts)
        spent = (time.perf_counter() - started) / pages * 1000
        print(f"{path.name}: {pages} pages, {spent:.0f} ms a page, {len(file.warnings)} warnings")


if __name__ == "__main__":
    main()
