"""Reads Markdown: rendered to HTML and read as such, so that the source is what a reader sees, without the signs."""

import re
from html import escape

from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from corpus.encoding import decode
from corpus.errors import InputError
from corpus.gather import RAISE_IT, grouped, refuse_large
from corpus.limits import Limits
from corpus.reading import Reading
from corpus.web.read import read_markup

FRONT_MATTER = re.compile(
    r"---[ \t]*\r?\n(?=[\w-]+[ \t]*:)(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE
)
TITLE = re.compile(r"^title[ \t]*:(.{1,500})$", re.MULTILINE | re.IGNORECASE)
# The parser drops without a word what is nested deeper than this, and takes a few stack frames for each level.
DEEPEST = 100
# Markdown of more characters than this is no report, and takes more than a minute to parse.
MOST_CHARACTERS = 5_000_000


def read_markdown(name: str, data: bytes, limits: Limits) -> Reading:
    """The readable text of a Markdown file, tables and footnotes included. HTML inside it stays as it is typed.

    The title in its front matter stands above the text, as pandoc prints it. Raises InputError as `read_html` does.
    """
    refuse_large(name, data, limits)
    text = decode(name, data)
    most = min(MOST_CHARACTERS, limits.characters)
    if len(text) > most:
        raise InputError(
            f"{name}: het bestand heeft {grouped(len(text))} tekens; de grens voor Markdown is {grouped(most)} "
            f"(characters). {RAISE_IT}"
        )
    front = FRONT_MATTER.match(text)
    body = _render(name, text[front.end() :] if front else text)
    return read_markup(name, f"<html><body>{_titled(front[1], body) if front else body}</body></html>", limits)


def _titled(front: str, body: str) -> str:
    """The body below the title that the front matter gives; a first heading of the same words is that title."""
    found = TITLE.search(front)
    title = escape(found[1].strip().strip("\"'").strip()) if found else ""
    same = f"<h1>{title}</h1>"
    return f'<h1 class="title">{title}</h1>{body.removeprefix(same)}' if title else body


def _render(name: str, text: str) -> str:
    """CommonMark with tables and footnotes to HTML; raw HTML is text, and no link or picture is followed."""
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST}).enable("table").use(footnote_plugin)
    env: dict[str, object] = {}
    tokens = parser.parse(text, env)
    if any(token.level >= DEEPEST - 1 for token in tokens):
        raise InputError(f"{name}: lijsten of citaten staan te diep in elkaar (grens: {DEEPEST}). Maak ze vlakker.")
    return str(parser.renderer.render(tokens, parser.options, env))
