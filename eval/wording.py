"""The words for a quote, old or new: a baseline holds only its place, the words are cut from the document again."""

from corpus.model import Document, PageRange
from eval.baseline import Past
from eval.find import one_line
from eval.outcome import Outcome, Place
from qa.phrase import page_phrase

LABELS = {
    "fact": "feit",
    "why": "waarom of hoe",
    "opinion": "mening",
    "list": "opsomming",
    "comparison": "vergelijking",
    "definition": "betekenis",
    "table": "tabel",
    "person": "persoon",
    "near-miss": "bijna raak",
    "false-premise": "klopt niet",
    "other-scope": "ander jaar of andere streek",
    "off-topic": "ander onderwerp",
    "chit-chat": "praatje",
    "nonsense": "onzin",
    "plain": "gewoon",
    "paraphrase": "andere woorden",
    "sloppy": "slordig",
    "long": "lang",
    "keywords": "trefwoorden",
    "english": "Engels",
    "typos": "tikfouten",
    "injection": "opdracht erin",
}
NO_QUOTE = {"refused": "geen antwoord", "failed": "ging mis"}


def figure_words(value: float) -> str:
    """A figure as Dutch readers write it."""
    return f"{value:.3f}".replace(".", ",")


def chance_words(p: float) -> str:
    """A chance as Dutch readers write it; one that rounds to nothing is not nothing."""
    return "<0,001" if p < 0.0005 else figure_words(p)


def label_of(name: str) -> str:
    """The Dutch word for a kind or style of question; another name stays as it is."""
    return LABELS.get(name, name)


def words_at(document: Document, place: Place) -> str:
    """What stands at source spans, as people read it."""
    pieces = [piece for span in place for piece in document.offsets.to_text(*span)]
    if not pieces:
        return one_line(" ".join(document.source[start:end] for start, end in place))
    return document.text[min(start for start, _ in pieces) : max(end for _, end in pieces)]


def old_quote(past: Past, document: Document | None) -> str:
    """The first quote of a blessed answer, with its place."""
    if not past.quotes:
        return NO_QUOTE.get(past.status, past.status)
    first = past.quotes[0]
    words = words_at(document, first.spans) if document else ""
    return f"{place_words(first.sections, first.page)}: {words}"


def now_quote(outcome: Outcome) -> str:
    """The first quote of an answer, with its place."""
    if not outcome.quotes:
        return outcome.text if outcome.status == "failed" else NO_QUOTE.get(outcome.status, outcome.status)
    first = outcome.quotes[0]
    return f"{place_words(first.sections, first.page)}: {first.text}"


def place_words(sections: tuple[str, ...], page: PageRange) -> str:
    """A place as readers look it up: deel 5, tekstkader 2 (p. 24)."""
    named = [f"deel {name}" if name.isdigit() else name for name in sections]
    return f"{', '.join(named)} ({page_phrase(page)})"
