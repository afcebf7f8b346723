"""Documents that are elsewhere: any URL that fsspec can open, copied whole to a folder on this machine and read there.

Only a URL that a user gave reaches for a network.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from platformdirs import user_cache_path

from corpus.enrichment import beside
from corpus.errors import InputError

Place = Path | str
"""A path, or the URL of a file or folder."""

READ = (".txt", ".pdf", ".docx", ".md", ".html", ".htm")
URL = re.compile(r"\w[\w+.-]*(::|://)")
PASSWORD = re.compile(r"(?<=://)[^/@]+@")
# What each copy was made of, so that what did not change is not fetched again.
COPIED = ".copied.json"
WEB = ("http", "https")


def place_of(text: str | Path) -> Place:
    """A URL as it is, anything else as a path."""
    return text if isinstance(text, str) and URL.match(text) else Path(text)


def local_path(text: str) -> Path:
    """Where a path, or a copy of what a URL names, is on this machine. Raises InputError as `copy_of` does."""
    place = place_of(text)
    return place if isinstance(place, Path) else copy_of(place, default_folder())


def default_folder() -> Path:
    """Where copies are kept: the user's cache folder."""
    return user_cache_path("bronvast") / "documents"


def copy_of(url: str, folder: Path) -> Path:
    """The local copy of a file, or of every document in a folder; a file on this machine is its own copy.

    Only what changed is fetched; what is gone there goes here too. Raises InputError, in Dutch, when the package for
    this kind of URL is missing, when nothing can be read there, or when it holds no document.
    """
    files, path = _opened(url)
    if "file" in _protocols(files):
        return Path(path)
    try:
        return _copied(files, path, url, folder / sha256(url.encode()).hexdigest()[:16])
    except InputError:
        raise
    except Exception as error:  # each kind of storage raises errors of its own library
        raise InputError(
            f"{shown(url)}: kan dit niet ophalen ({type(error).__name__}: {shown(str(error))}). Controleer de URL, uw "
            f"rechten en de verbinding."
        ) from error


def shown(url: str) -> str:
    """A URL without the name and password in it."""
    return PASSWORD.sub("", url)


def _opened(url: str) -> tuple[Any, str]:
    from fsspec.core import url_to_fs

    try:
        files, path = url_to_fs(url)
    except ImportError as error:
        package = re.search(r"[Ii]nstall (?:the )?`?([\w-]+)", str(error))
        cure = f"pip install {package[1]}" if package else str(error)
        raise InputError(f"{shown(url)}: voor deze URL ontbreekt een pakket. Installeer het met: {cure}") from error
    except ValueError as error:
        raise InputError(
            f"{shown(url)}: deze soort URL is onbekend ({error}). Verwacht bijvoorbeeld s3://, gs://, https:// of file://."
        ) from error
    return files, str(path)


def _copied(files: Any, path: str, url: str, folder: Path) -> Path:
    single = not files.isdir(path) if not _is_web(files) else True
    if single and PurePosixPath(path).suffix.lower() not in READ:
        raise InputError(f"{shown(url)}: dit bestandstype wordt niet gelezen. Verwacht: {', '.join(READ)}.")
    names = [path] if single else [name for name in files.find(path) if PurePosixPath(name).suffix.lower() in READ]
    if not names:
        raise InputError(f"{shown(url)}: deze map bevat geen document. Verwacht: {', '.join(READ)}.")
    top = str(PurePosixPath(path).parent) if single else path
    known = _read_known(folder)
    copied = {}
    for name in _with_enrichments(files, names):
        own = _inside(name, top)
        target = folder / own
        stamp = files.ukey(name)
        if not target.is_file() or known.get(own) != stamp:
            target.parent.mkdir(parents=True, exist_ok=True)
            draft = target.with_name(f".{target.name}.new")
            files.get_file(name, str(draft))
            draft.replace(target)
        copied[own] = stamp
    for gone in known.keys() - copied.keys():
        (folder / gone).unlink(missing_ok=True)
    (folder / COPIED).write_text(json.dumps(copied), encoding="utf-8")
    return folder / _inside(path, top) if single else folder


def _with_enrichments(files: Any, names: Sequence[str]) -> Iterator[str]:
    """Each document, and what was written for it when that stands beside it."""
    for name in names:
        yield name
        other = str(PurePosixPath(name).with_name(beside(Path(PurePosixPath(name).name)).name))
        if not _is_web(files) and files.exists(other):
            yield other


def _inside(name: str, top: str) -> str:
    """A name below its folder. Raises InputError for one that would lead out of it."""
    own = PurePosixPath(name).relative_to(top) if name.startswith(top.rstrip("/") + "/") else PurePosixPath(name)
    if own.is_absolute() or ".." in own.parts:
        raise InputError(f"{name}: deze naam wijst buiten zijn map. Geef het bestand een andere naam.")
    return str(own)


def _read_known(folder: Path) -> Mapping[str, str]:
    try:
        known = json.loads((folder / COPIED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _is_web(files: Any) -> bool:
    """Whether this is a web server, which has no folders to look in."""
    return bool(set(_protocols(files)) & set(WEB))


def _protocols(files: Any) -> Sequence[str]:
    return (files.protocol,) if isinstance(files.protocol, str) else tuple(files.protocol)
