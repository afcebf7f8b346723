"""How far a quote reaches: limits and what a sentence leans on are pulled in, lists come whole."""

from collections.abc import Sequence
from itertools import pairwise

import pytest

from corpus.load import DocumentFile
from corpus.model import Document, Passage, UnitKind
from corpus.structure import read_document
from fakes import FakeEncoder, answerer_on, as_file, build
from index.store import Index
from qa.answer import Answerer
from qa.extent import LONGEST_LIST, item_at, limits, neighbour, unit_at, whole_list, widened
from qa.quotes import MOST_QUOTES, Quote, apart, select_quotes
from qa.repeats import repeats
from qa.sentence import starts_loosely

FACT = "Iedereen mag gratis met de veerpont mee."


def document_of(*lines: str) -> Document:
    return read_document("pont", "De pont", "1 De veerpont\n\n" + "\n".join(lines) + "\n")


def quote_around(document: Document, words: str) -> str:
    start = document.text.index(words)
    position = next(n for n, unit in enumerate(document.units) if unit.start <= start < unit.end)
    return document.text[slice(*widened(document, position, position))]


LIMITING = [
    "Dit geldt echter niet voor vrachtwagens.",
    "Dat geldt alleen in de zomer.",
    "Echter, op zondag vaart hij niet.",
    "Maar op zondag vaart hij niet.",
    "Tenzij het stormt, vaart hij altijd.",
    "Mits het niet vriest, vaart hij altijd.",
    "Behalve op zondag vaart hij elke dag.",
    "Met uitzondering van zondag vaart hij elke dag.",
    "Daar staat tegenover dat hij vaak stil ligt.",
    "Niet alle dorpen doen mee.",
    "De gemeente wil echter geld vragen.",
    "Voor vrachtwagens daarentegen geldt een tarief.",
    "Uitgezonderd zijn vrachtwagens.",
    "Desondanks varen er weinig mensen mee.",
]


@pytest.mark.parametrize("limit", LIMITING)
def test_what_limits_a_sentence_is_never_cut_off(limit: str) -> None:
    document = document_of(f"{FACT} {limit} De pont is geel.")
    assert quote_around(document, FACT) == f"{FACT} {limit}"


@pytest.mark.parametrize(
    "other",
    [
        "De pont is geel.",
        "Maar liefst negen dorpen doen mee.",
        "De gemeente betaalt.",
        "Mitsgaders de sluis is hij oud.",
    ],
)
def test_what_does_not_limit_is_left_out(other: str) -> None:
    assert not limits(other)
    assert quote_around(document_of(f"{FACT} {other}"), FACT) == FACT


@pytest.mark.parametrize(
    "loose",
    [
        "Dit kost niets.",
        "Deze vaart elke dag.",
        "Zij betalen niets.",
        "Daarom is hij druk.",
        "Met die pont gaat het snel.",
    ],
)
def test_a_loose_start_pulls_in_what_it_leans_on(loose: str) -> None:
    document = document_of(f"De pont is geel. {FACT} {loose}")
    assert starts_loosely(loose)
    assert quote_around(document, loose) == f"{FACT} {loose}"


def test_a_sentence_may_lean_on_one_that_leans_itself() -> None:
    document = document_of(f"De pont is geel. {FACT} Dit kost niets. Daarom is het druk.")
    assert quote_around(document, "Daarom") == f"{FACT} Dit kost niets. Daarom is het druk."


def test_a_loose_start_at_the_start_of_a_section_stays_there() -> None:
    document = read_document("pont", "De pont", f"1 De pont\n\n{FACT}\n\n2 De sluis\n\nDit is een oude sluis.\n")
    assert quote_around(document, "Dit is") == "Dit is een oude sluis."


def test_a_thing_that_is_pointed_to_comes_along() -> None:
    pointing = "Het veer vaart door deze verhoging weer."
    document = document_of(f"{FACT} De brug is duur. Het wachten was op de verhoging van de brug. {pointing}")
    assert quote_around(document, "Het veer vaart") == f"Het wachten was op de verhoging van de brug. {pointing}"
    other = document_of(f"{FACT} De brug is duur. {pointing}")
    assert quote_around(other, "Het veer vaart") == pointing
    whole = "De verhoging kostte wat, maar deze verhoging was nodig."
    assert quote_around(document_of(f"{FACT} De verhoging is af. {whole}"), "De verhoging kostte") == whole


def test_a_sentence_of_an_item_leans_on_its_own_item_alone() -> None:
    items = ["1. Bouw een brug. Dit duurt lang.", "2. Dit gaat over het veer. Dat vaart weer."]
    document = document_of("Er zijn twee punten:", *items)
    assert quote_around(document, "Dit duurt") == items[0]
    assert quote_around(document, "Dat vaart") == items[1]
    assert not any(
        text.startswith("1.") for text in (quote_around(document, "2. Dit"), quote_around(document, "Dat v"))
    )


def test_neighbours_are_prose_of_the_same_section(sample: Document) -> None:
    for position, unit in enumerate(sample.units):
        for step in (-1, 1):
            other = neighbour(sample, position, step)
            if other is not None:
                two = sample.units[other]
                assert (two.section, two.kind) == (unit.section, unit.kind)
                assert unit.kind is not UnitKind.ROW
                assert item_at(sample, two.start) == item_at(sample, unit.start)
    assert neighbour(sample, 0, -1) is None
    assert neighbour(sample, len(sample.units) - 1, 1) is None


def test_widening_never_loses_a_letter_and_stays_on_unit_borders(sample: Document) -> None:
    starts, ends = {unit.start for unit in sample.units}, {unit.end for unit in sample.units}
    for position, unit in enumerate(sample.units):
        start, end = widened(sample, position, position)
        assert start <= unit.start
        assert unit.end <= end
        assert start in starts
        assert end in ends
        assert unit_at(sample, unit.start) == position


def test_a_sentence_with_a_colon_takes_the_whole_list_along(sample: Document, made_up: Document) -> None:
    quote = quote_around(made_up, "Drie bedrijven profiteerden")
    assert [word in quote for word in ("veerdienst", "transportbedrijf", "bakker")] == [True] * 3
    recommendations = quote_around(sample, "De onderzoekers doen vijf aanbevelingen")
    assert all(f"{number}. " in recommendations for number in range(1, 6))
    assert recommendations.rstrip().endswith("Alleen dan is te zien of het beter gaat.")


def test_a_list_too_long_to_quote_ends_after_a_whole_item() -> None:
    items = [f"• punt {number} over de lange reeks met nogal wat woorden erin voor de lengte;" for number in range(60)]
    document = document_of("Er zijn veel punten:", *items)
    quote = quote_around(document, "Er zijn veel punten")
    assert len(quote) <= LONGEST_LIST
    assert quote.endswith(";")


def test_a_row_brings_its_table_and_a_name_its_list(sample: Document) -> None:
    row = next(n for n, unit in enumerate(sample.units) if unit.kind is UnitKind.ROW)
    found = whole_list(sample, row, asked=True)
    assert found is not None
    assert all(year in sample.text[slice(*found)] for year in ("2018", "2019", "2020", "2021", "2022"))
    person = unit_at(sample, sample.text.index("Bram Oldekamp, directeur"))
    names = whole_list(sample, person, asked=True)
    assert names is not None
    text = sample.text[slice(*names)]
    assert "Marga Tuinstra" in text
    assert "Ineke Halm" in text
    assert "Hanna Drost" not in text
    assert text.startswith("•")
    assert whole_list(sample, unit_at(sample, sample.text.index("Een rit kost")), asked=True) is None


def test_a_long_list_comes_whole_only_when_it_is_asked_for() -> None:
    rows = [f"• Els Bakker{number}, wethouder van de gemeente Oosterdam aan de Lauwe" for number in range(12)]
    document = document_of("Gesproken is met", *rows)
    last = len(document.units) - 1
    assert whole_list(document, last, asked=False) is None
    found = whole_list(document, last, asked=True)
    assert found is not None
    assert document.text[slice(*found)].count("•") == 12


def test_quotes_are_few_apart_and_best_first(fake_sample_answerer: Answerer) -> None:
    retriever = fake_sample_answerer.retriever
    for question in ("Wat kost een rit?", "Hoeveel reizigers had de buurtbus?", "Wie is Hanna Drost?", "En wonen?"):
        quotes = select_quotes(retriever, retriever.retrieve(question, 10))
        assert 1 <= len(quotes) <= MOST_QUOTES
        assert quotes[0].score == max(quote.score for quote in quotes)
        spans = sorted((quote.start, quote.end) for quote in quotes)
        assert all(one[1] <= two[0] for one, two in pairwise(spans))
        for quote in quotes:
            assert quote.start <= quote.sentence.start
            assert quote.sentence.end <= quote.end


def test_a_quote_that_grows_over_another_takes_its_place(fake_sample_answerer: Answerer) -> None:
    sentences = fake_sample_answerer.index.sentences
    spans = [(0, 40), (60, 90), (95, 130), (20, 75)]
    quotes = [Quote(n, sentences[n], *span, -float(n)) for n, span in enumerate(spans)]
    found = apart(quotes, 3)
    assert [(quote.start, quote.end) for quote in found] == [(0, 90), (95, 130)]
    assert [quote.position for quote in found] == [0, 2]
    assert apart(quotes[:3], 1) == quotes[:3]


# The same told twice; long, so that the title above it, which is embedded with it, weighs little.
TWICE = (
    "De veerpont vervoerde in 2021 ruim 9.000 fietsers, wandelaars, kinderen, honden, karren, brommers, schapen, "
    "koeien, paarden en kippen naar Meerdorp."
)


@pytest.fixture(scope="module")
def told_twice(tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    text = (
        f"Samenvatting\n\n{TWICE} De sluis is oud.\n\n1 De pont\n\n{TWICE} De kade is hoog.\n\n"
        "2 Het water\n\nHet water stond in de winter hoger dan ooit in het dorp. De dijk hield stand.\n"
    )
    files: Sequence[DocumentFile] = [as_file(read_document("twee", "Twee keer", text))]
    index: Index = build(tmp_path_factory.mktemp("twee") / "index", files, FakeEncoder())
    return answerer_on(index, FakeEncoder())


def test_the_same_fact_elsewhere_is_named_with_its_place(told_twice: Answerer) -> None:
    answer = told_twice.answer("Hoeveel fietsers vervoerde de veerpont in 2021 naar Meerdorp?")
    first = answer.citations[0]
    places = {first.place.section, *(place.section for place in first.also)}
    quoted = {citation.place.section for citation in answer.citations}
    assert {"Samenvatting", "1"} <= places | quoted
    assert all(place.section != first.place.section for place in first.also)


def test_repeats_are_in_other_sections_and_never_what_is_quoted(told_twice: Answerer) -> None:
    index, retriever = told_twice.index, told_twice.retriever
    retrieval = retriever.retrieve("Hoeveel fietsers vervoerde de veerpont in 2021 naar Meerdorp?", 10)
    best = retrieval.ranked()[0][0]
    found = repeats(index, [best], retrieval)[0]
    assert [index.text(index.sentences[n]) for n in found] == [index.text(index.sentences[best])]
    assert index.sentences[found[0]].section.path != index.sentences[best].section.path
    assert repeats(index, [best, *found], retrieval)[0] == []


def test_what_only_resembles_is_no_repeat(told_twice: Answerer) -> None:
    retriever = told_twice.retriever
    retrieval = retriever.retrieve("Hoe hoog stond het water in de winter?", 10)
    assert repeats(told_twice.index, [retrieval.ranked()[0][0]], retrieval) == [[]]


def test_a_quote_names_the_passage_that_holds_it(fake_sample_answerer: Answerer) -> None:
    passages: dict[str, Passage] = {passage.id: passage for passage in fake_sample_answerer.index.passages}
    for citation in fake_sample_answerer.answer("Wat kost een rit met de buurtbus?").citations:
        passage = passages[citation.passage_id]
        assert passage.start < citation.end
        assert citation.start < passage.end
