"""Reads a web page: the main content as paragraphs, read as they stand in the file. Nothing is run or fetched."""

import codecs
import re
from typing import Any

from lxml import etree

from corpus.encoding import decode
from corpus.errors import InputError
from corpus.gather import Gathering, grouped, refuse_large
from corpus.limits import Limits
from corpus.reading import Reading
from corpus.web.notes import find_notes
from corpus.web.walk import Walk

DECLARED = re.compile(rb"""<(?:meta|\?xml)\s[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w:.-]+)""", re.IGNORECASE)
DECLARED_WITHIN = 4096
# What a page may say of itself; browsers take the first three for Windows-1252, and so do we.
LATIN = ("iso-8859-1", "latin1", "us-ascii")
PLAUSIBLE = re.compile(r"(windows-|cp)125\d|iso-?8859-\d+|latin-?\d|us-ascii|macintosh|cp?850|ibm850", re.IGNORECASE)
# These hold no text to read, or text that is none of HTML; unclosed they run to the end, as in a browser.
NOT_TEXT = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
# libxml2 compares each attribute of a tag with all others: a few thousand take seconds, more never end.
ATTRIBUTE = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+))?+"""
OVERLOADED = re.compile(rf"<[a-zA-Z][^\s/>]*+(?:{ATTRIBUTE}){{1000}}")
# A tag takes some 250 bytes in memory. A report of a thousand pages has about a tenth of this.
MOST_TAGS = 1_000_000


def read_html(name: str, data: bytes, limits: Limits) -> Reading:
    """The readable text of a web page, all of it marked: no layout to guess from.

    Raises InputError for a file without text, in no known encoding, or beyond a limit.
    """
    refuse_large(name, data, limits)
    return read_markup(name, _decode(name, data), limits)


def read_markup(name: str, html: str, limits: Limits) -> Reading:
    """The same for a page that is text already."""
    gathering = Gathering(name, limits)
    root = _parse(name, html, limits)
    walk = Walk(gathering, find_notes(root))
    for part in _main_parts(root):
        walk.read(part)
    walk.notes.queue_unreferred()
    walk.read_notes()
    title = root.find(".//title")
    return gathering.reading("" if title is None else "".join(title.itertext()))


def _decode(name: str, data: bytes) -> str:
    """A byte order mark and strict UTF-8 come first: what they prove outweighs what the page says of itself."""
    declared = DECLARED.search(data, 0, DECLARED_WITHIN)
    label = declared[1].decode("ascii").lower() if declared else ""
    if PLAUSIBLE.fullmatch(label) and not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "cp1252" if label in LATIN else label
        for candidate in ("utf-8", encoding):
            try:
                return data.decode(candidate)
            except (UnicodeDecodeError, LookupError):
                continue
    return decode(name, data)


def _parse(name: str, html: str, limits: Limits) -> Any:
    html = NOT_TEXT.sub(" ", html.replace("\f", " ").replace("\x00", ""))
    if len(html) > limits.characters * 5 or html.count("<") > MOST_TAGS:
        raise InputError(
            f"{name}: de pagina heeft {grouped(html.count('<'))} tags in {grouped(len(html))} tekens; dat is te veel "
            f"om te lezen (grens: {grouped(MOST_TAGS)} tags). Splits het document."
        )
    if OVERLOADED.search(html):
        raise InputError(f"{name}: een tag heeft 1.000 attributen of meer. Bewaar de pagina opnieuw als HTML.")
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(html.encode("utf-8", "ignore"), parser)
    except etree.XMLSyntaxError as error:
        raise InputError(f"{name}: dit is geen HTML ({error.msg}). Bewaar de pagina opnieuw als HTML.") from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise InputError(
            f"{name}: de elementen in deze pagina staan te diep in elkaar (grens: 2.048). Bewaar de pagina opnieuw als "
            "HTML, of als .docx of .txt."
        )
    if root is None:
        raise InputError(f"{name}: het document bevat geen leesbare tekst. Geef een document met tekst.")
    return root


def _main_parts(root: Any) -> list[Any]:
    """`<main>` where it holds text, else the outermost `<article>`s, else the whole page."""
    for name in ("main", "article"):
        parts = []
        walk = etree.iterwalk(root, events=("start",))
        for _, element in walk:
            if name in (element.tag, element.get("role")):
                walk.skip_subtree()
                parts += [element] if "".join(element.itertext()).strip() else []
        if parts:
            return parts
    return [root]
