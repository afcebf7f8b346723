"""What a person sees on paper is there as data."""

import pytest

from corpus.lines import read_lines
from corpus.model import Document, Kind, UnitKind
from corpus.repair import joint, mended
from corpus.sentences import LONGEST, split_sentences
from corpus.structure import read_document
from corpus.words import vocabulary


def titles(document: Document, kind: Kind) -> list[tuple[str, str]]:
    return [(section.number, section.title) for section in document.sections if section.kind is kind]


def quotes(document: Document) -> list[str]:
    return [document.text[unit.start : unit.end] for unit in document.units]


def test_the_made_up_report(made_up: Document) -> None:
    assert titles(made_up, Kind.CHAPTER) == [("", "Samenvatting"), ("1", "Aanleiding")]
    assert titles(made_up, Kind.SUBHEADING) == [("", "Gevolgen voor het verkeer")]
    assert titles(made_up, Kind.FOOTNOTE) == [("1", "")]
    assert len(made_up.page_starts) == 2


def test_a_sentence_over_a_page_is_read_around_the_footnote(made_up: Document) -> None:
    sentence = next(quote for quote in quotes(made_up) if quote.startswith("Het Rijk betaalde"))
    assert sentence.endswith("voor haar rekening neemt tot het jaar 2040.")
    start = made_up.text.index(sentence)
    assert made_up.pages(start, start + len(sentence)) == (1, 2)
    assert len(made_up.source_spans(start, start + len(sentence))) == 2
    assert "De aanvraag is twee keer afgewezen voordat hij werd goedgekeurd." in quotes(made_up)


def test_words_broken_at_a_line_end_are_whole_again(made_up: Document) -> None:
    assert "De reistijd naar het ziekenhuis" in made_up.text
    assert "hulpdiensten" in made_up.text


def test_list_items_come_without_their_bullet(made_up: Document) -> None:
    items = [made_up.text[u.start : u.end] for u in made_up.units if u.kind is UnitKind.ITEM]
    assert items == [
        "de veerdienst kreeg nieuwe klanten;",
        "het transportbedrijf nam chauffeurs aan;",
        "de bakker leverde aan de overkant.",
    ]


def test_the_sample_has_what_the_readme_promises(sample: Document) -> None:
    chapters = titles(sample, Kind.CHAPTER)
    assert [number or title for number, title in chapters] == ["Samenvatting", *"12345", "Lijst van gesprekspartners"]
    assert titles(sample, Kind.BOX) == [("tekstkader 1", "Het verhaal van de melkfabriek")]
    assert titles(sample, Kind.TABLE) == [
        ("tabel 1", "Gebruik van de buurtbus per jaar"),
        ("tabel 2", "Verbouwde woningen per gemeente"),
    ]
    assert [number for number, _ in titles(sample, Kind.FOOTNOTE)] == ["1", "2", "3", "4"]
    assert len(sample.page_starts) == 6
    rows = [sample.text[u.start : u.end] for u in sample.units if u.kind is UnitKind.ROW]
    assert rows[0].startswith("Jaar")
    assert "2019 22.700 94" in rows


def test_form_feeds_start_pages_and_page_numbers_are_no_text() -> None:
    lines, starts = read_lines("Eerste bladzijde.\n1\n\fTweede bladzijde.\n2\n")
    assert [(line.text, line.page) for line in lines] == [("Eerste bladzijde.", 1), ("Tweede bladzijde.", 2)]
    assert len(starts) == 2


def test_a_printed_number_opens_the_page_it_names() -> None:
    lines, _ = read_lines(
        " Een begin.\n\nMeer tekst hier.\n\n \n\n2\n\n \n\nDe volgende bladzijde.\n" + "\nNog een zin." * 9
    )
    assert [line.page for line in lines[:3]] == [1, 1, 2]


def test_indented_text_is_not_taken_for_pages() -> None:
    _, starts = read_lines(" Elke regel\n begint met\n een spatie\n in dit bestand.")
    assert len(starts) == 1


@pytest.mark.parametrize(
    ("before", "after", "elsewhere", "result"),
    [
        ("maatschap-", "pelijk belang", "", "maatschappelijk belang"),
        ("krimp-", "en groeiregio's", "", "krimp- en groeiregio's"),
        ("de NOVI-", "gebieden", "", "de NOVI-gebieden"),
        ("Noord-", "Holland", "", "Noord-Holland"),
        ("sociaal-", "economisch beleid", "a sociaal-economisch b", "sociaal-economisch beleid"),
        ("sociaal-", "economisch beleid", "a sociaaleconomisch b", "sociaaleconomisch beleid"),
        ("covid-19-", "crisis", "", "covid-19-crisis"),
        ("hij zei -", "en dat", "", "hij zei - en dat"),
        ("een zin", "gaat door", "", "een zin gaat door"),
        ("zacht\u00ad", "jes", "", "zachtjes"),
        ("Noord -", "Holland", "in Noord-Holland is", "Noord -Holland"),  # the stray space is mended afterwards
    ],
)
def test_how_lines_meet(before: str, after: str, elsewhere: str, result: str) -> None:
    known = vocabulary(read_lines(elsewhere)[0])
    drop, between = joint(before, after, known)
    assert before[: len(before) - drop] + between + after == result


@pytest.mark.parametrize(
    ("text", "elsewhere", "result"),
    [
        ("meer aand acht voor", "", "meer aandacht voor"),
        ("de regio ’s die", "", "de regio’s die"),
        ("dat i s goed", "", "dat is goed"),
        ("een eind , en dan .", "", "een eind, en dan."),
        ("krimp - en groeiregio’s", "van krimp- en groeiregio’s samen", "krimp- en groeiregio’s"),
        ("Zeeuws -Vlaanderen", "in Zeeuws-Vlaanderen is", "Zeeuws-Vlaanderen"),
        ("Oost- Groningen", "", "Oost-Groningen"),
        # and what must stay apart
        ("te samen met de gemeente", "", "te samen met de gemeente"),
        ("zorg en onderwijs", "", "zorg en onderwijs"),
        ("diep geworteld", "", "diep geworteld"),
        ("is ’s avonds laat", "", "is ’s avonds laat"),
        ("goed bedoeld - ten nadele", "", "goed bedoeld - ten nadele"),
        ("optie a en b", "", "optie a en b"),
        ("dat kunt u doen", "", "dat kunt u doen"),
    ],
)
def test_stray_spaces_are_taken_out_of_words_only(text: str, elsewhere: str, result: str) -> None:
    known = vocabulary(read_lines(elsewhere)[0])
    assert mended(text, known) == result


def test_a_paragraph_a_line_is_read_as_it_stands() -> None:
    paragraphs = [f"Alinea {number} " + "met heel veel woorden " * 12 + "zonder einde" for number in range(5)]
    document = read_document("d", "Titel", "\n".join(["1 Begin", *paragraphs]))
    assert document.text.rstrip("\n").split("\n") == ["1 Begin", *paragraphs]


def test_a_heading_right_under_a_heading_stands_below_it() -> None:
    prose = "Deze regel is zo breed als de kolom van het rapport en eindigt met een punt."
    lines = ["1 Wie", "Provincies", "Provincie Friesland", prose, "Provincie Drenthe", prose, "Wetenschap", prose]
    source = "\n".join(lines)
    paths = [s.path for s in read_document("d", "Titel", source).sections]
    assert paths == [
        ("1",),
        ("1", "Provincies"),
        ("1", "Provincies", "Provincie Friesland"),
        ("1", "Provincies", "Provincie Drenthe"),
        ("1", "Wetenschap"),
    ]


def test_a_first_paragraph_of_another_width_is_a_lead_in() -> None:
    column = "Deze regel is zo breed als de kolom van het rapport en eindigt"
    wider = "Deze regel is in een kleinere letter gezet en dus wat breder dan de andere"
    source = "\n".join(
        ["1 Begin", *[wider] * 3, "klaar.", "Een kop", *[column] * 20, "klaar.", "2 Einde", *[column] * 5]
    )
    leads = [s for s in read_document("d", "Titel", source).sections if s.kind is Kind.LEAD_IN]
    assert [lead.path[0] for lead in leads] == ["1"]


def test_sources_at_the_end_stand_apart() -> None:
    source = "1 Begin\nEen zin.\n\nJansen, Het plan, 2019.\n\nDe Vries, De krimp, april 2020.\n"
    document = read_document("d", "Titel", source)
    assert [s.path for s in document.sections if s.kind is Kind.SOURCES] == [("1", "bronnen")]
    assert [document.text[u.start : u.end] for u in document.units[1:]] == [
        "Jansen, Het plan, 2019.",
        "De Vries, De krimp, april 2020.",
    ]


def test_a_number_at_a_list_start_is_no_chapter() -> None:
    document = read_document(
        "d", "Titel", "1 Inleiding\nHet plan heeft drie delen:\n1. Wonen\n2. Zorg\n3. Werk\nDat is alles.\n"
    )
    assert titles(document, Kind.CHAPTER) == [("1", "Inleiding")]


def test_a_document_without_chapters_is_one_chapter_with_its_title() -> None:
    document = read_document("d", "Een brief", "Geachte lezer, dit is een brief. Hij heeft twee zinnen.")
    assert titles(document, Kind.CHAPTER) == [("", "Een brief")]
    assert len(document.units) == 2


def test_a_caption_never_takes_the_next_one() -> None:
    source = "1 Inleiding\ntabel 1 Aantallen\n\ntabel 2 Bedragen"
    document = read_document("d", "Titel", source)
    assert titles(document, Kind.TABLE) == [("tabel 1", "Aantallen"), ("tabel 2", "Bedragen")]
    assert document.text.count("tabel 2") == 1


def test_sentences_know_dutch_abbreviations_and_note_numbers() -> None:
    sentences = {
        "Dat geldt o.a. voor Drenthe en bijv. voor Zeeland.": "",
        "Het plan liep af.": "3",  # a note's number glued to the full stop
        "Daarna kwam niets.": " 4",  # and one that stands apart
        "De groei was 2.4": "",
    }
    text = " ".join(sentence + marker for sentence, marker in sentences.items())
    assert [text[a:b] for a, b in split_sentences(text, 0, len(text))] == list(sentences)


def test_a_text_without_full_stops_is_cut_at_spaces() -> None:
    text = "woord " * 1000
    spans = split_sentences(text, 0, len(text))
    assert all(end - start <= LONGEST for start, end in spans)
    assert " ".join(text[a:b] for a, b in spans) == text.strip()
