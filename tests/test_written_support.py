"""What is true in other words is let through; what was changed into something false is not."""

import pytest
from written_truths import TRUTHS, Truth, anchored, mutated

from corpus.model import Document
from eval.bench.written import changed
from qa.citing import cite
from qa.written.clauses import clauses
from qa.written.model import Level, Usage, Written, WrittenSentence
from qa.written.overlap import content
from qa.written.snap import evidence_of
from qa.written.support import Evidence, support


def evidence(document: Document, truth: Truth) -> list[Evidence]:
    found = []
    for anchor in truth.anchors:
        start, end = anchored(document, anchor)
        position, unit = next((n, u) for n, u in enumerate(document.units) if u.start < end and start < u.end)
        last = [u for u in document.units if u.start < end][-1]
        before = document.units[position - 1]
        first = before if truth.text.startswith("Door") and before.section == unit.section else unit
        found.append(
            evidence_of(document, cite(document, document.sections[unit.section], (first.start, last.end), "p"))
        )
    return found


def test_true_sentences_in_other_words_are_supported(sample: Document) -> None:
    lost = [t.text for t in TRUTHS if support(t.text, evidence(sample, t)).level is Level.UNSUPPORTED]
    assert len(lost) <= 0.1 * len(TRUTHS), lost


def test_invented_numbers_and_flipped_negations_are_caught(sample: Document) -> None:
    changed = mutated(200)
    let = [text for truth, text in changed if support(text, evidence(sample, truth)).level is not Level.UNSUPPORTED]
    assert len(let) <= 0.05 * len(changed), let


def test_the_documents_own_sentences_do_not_bear_what_they_are_changed_into(sample: Document) -> None:
    for kind, pairs in changed([sample]).items():
        let = [text for unit, text in pairs if support(text, [Evidence(unit, (unit,))]).level is not Level.UNSUPPORTED]
        assert len(let) <= 0.05 * len(pairs), (kind, let)


def test_every_unit_of_the_document_bears_itself_and_no_other_number(sample: Document) -> None:
    for unit in sample.units:
        text = sample.text[unit.start : unit.end]
        one = [Evidence(text, (text,))]
        assert support(f" {text.upper()} ", one).level is Level.LITERAL
        assert support(f"{text.rstrip('.')} en 7777.", one).level is Level.UNSUPPORTED


QUOTE = "In 2021 kreeg Meerwaard van het Rijk 12 miljoen euro, maar de brug is niet gebouwd omdat het geld op was."


@pytest.mark.parametrize(
    ("sentence", "level"),
    [
        (QUOTE, Level.LITERAL),
        (QUOTE.lower().rstrip("."), Level.LITERAL),
        ("Meerwaard kreeg in 2021 twaalf miljoen euro van het Rijk.", Level.SUPPORTED),
        ("De brug is niet gebouwd.", Level.SUPPORTED),
        ("De brug is gebouwd.", Level.UNSUPPORTED),
        ("Meerwaard kreeg in 2021 geen geld van het Rijk.", Level.UNSUPPORTED),
        ("Meerwaard kreeg in 2021 12 miljard euro van het Rijk.", Level.UNSUPPORTED),
        ("Meerwaard kreeg in 2012 van het Rijk 12 miljoen euro.", Level.UNSUPPORTED),
        ("Halderbroek kreeg in 2021 van het Rijk 12 miljoen euro, zegt Jansen.", Level.UNSUPPORTED),
        ("Meerwaard kreeg in 2021 van Utrecht 12 miljoen euro.", Level.UNSUPPORTED),
        ("The bridge was never built because the money was gone.", Level.UNSUPPORTED),
        ("Ja.", Level.UNSUPPORTED),
        ("", Level.UNSUPPORTED),
    ],
)  # fmt: skip
def test_what_a_quote_bears(sentence: str, level: Level) -> None:
    assert support(sentence, [Evidence(QUOTE, (QUOTE,))]).level is level


@pytest.mark.parametrize(
    ("quote", "sentence"),
    [
        ("Het aantal basisscholen daalde van 23 naar 17.", "Het aantal basisscholen daalde van 17 naar 23."),
        ("Er zijn 9 krimpregio's en 12 groeiregio's.", "Er zijn 12 krimpregio's en 9 groeiregio's."),
        ("De opbrengst is onvoldoende voor herstel.", "De opbrengst is voldoende voor herstel."),
        ("Het aantal inwoners steeg in de stad.", "Het aantal inwoners daalde in de stad."),
        ("Mogelijk stopt de veerdienst in de zomer.", "De veerdienst stopt in de zomer."),
        ("Het besluit viel in maart na lang overleg.", "Het besluit viel in april na lang overleg."),
        ("De ambtenaren praten niet alleen met het Rijk.", "De ambtenaren praten alleen met het Rijk."),
        ("De veerman kan niet altijd varen in de winter.", "De veerman kan altijd varen in de winter."),
        ("Zonder boot komt er niemand aan de overkant.", "Zonder boot komt iedereen aan de overkant."),
        ("Het is niet zo dat de brug in de zomer sluit.", "De brug sluit in de zomer."),
    ],
)
def test_a_changed_meaning_is_not_borne(quote: str, sentence: str) -> None:
    assert support(sentence, [Evidence(quote, (quote,))]).level is Level.UNSUPPORTED


def test_headings_give_a_subject_but_no_negation() -> None:
    quote = "Zij kost 1,50 euro per rit."
    assert (
        support("Een rit met de buurtbus kost 1,50 euro.", [Evidence(quote, (), "De buurtbus")]).level
        is Level.SUPPORTED
    )
    assert support(
        "Een rit met de veerboot kost ook 1,50 euro in Almelo.", [Evidence(quote, (), "De buurtbus")]
    ).level is (Level.UNSUPPORTED)


def test_a_negation_reaches_its_clause_and_not_alone_is_none() -> None:
    first, second = clauses("De brug is niet gebouwd, maar de weg wel verbreed.")[:2]
    assert first.negated
    assert not second.negated
    assert not clauses("Niet alleen de brug is klaar")[0].negated
    assert content("Volgens het rapport 12 bruggen") == content("bruggen")


def test_an_unsupported_sentence_has_no_words_and_a_supported_one_has_quotes() -> None:
    for text, citations, level in [
        ("Iets.", (1,), Level.UNSUPPORTED),
        ("", (), Level.SUPPORTED),
        ("Iets.", (), Level.LITERAL),
    ]:
        with pytest.raises(ValueError, match="sentence"):
            WrittenSentence(text, citations, level)
    said = WrittenSentence("Iets.", (1,), Level.SUPPORTED)
    for sentences, fallback in (((said,), "te laat"), ((), "")):
        with pytest.raises(ValueError, match="reason"):
            Written(sentences, "m", "p", Usage(), fallback)
