"""Gold files that are wrong, words found in a source, and gold written and checked by a person."""

import json
import os
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import BronvastError, InputError
from corpus.model import Document
from eval.audit import coverage, errors_against, section_names, twins
from eval.author import Choice, completed, locate
from eval.checkup import check_files
from eval.find import Finder, in_context, squeezed
from eval.gold import GoldQuestion, bundled_gold, gold_line, listed, question_from, read_gold
from eval.run import gold_for
from eval.write import append_gold, next_id, replace_file, sections_at
from fakes import run_in

HASH = "a" * 64
GOOD = {"id": "1", "question": "Wat?", "answerable": True, "spans": [[0, 5]], "document_sha256": HASH}


def write(path: Path, *lines: object) -> Path:
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"spans": []}, "heeft spans"),
        ({"answerable": False}, "heeft er geen"),
        ({"answerable": "ja"}, '"answerable" moet true of false'),
        ({"spans": [[5, 2]]}, '"spans" moet'),
        ({"spans": [[-1, 2]]}, '"spans" moet'),
        ({"spans": [[0, 1.5]]}, '"spans" moet'),
        ({"spans": [[True, 2]]}, '"spans" moet'),
        ({"spans": "[0, 5]"}, '"spans" moet'),
        ({"kleur": "rood", "geur": "zoet"}, "onbekend veld: geur, kleur"),
        ({"turns": ["Wat?"]}, "een van de twee"),
        ({"id": ""}, '"id" moet'),
        ({"id": "a\nb"}, '"id" moet'),
        ({"question": " "}, '"question" moet'),
        ({"question": "half \ud800"}, '"question" moet'),
        ({"question": "piep \x07"}, '"question" moet'),
        ({"facts": ["12"]}, '"facts" moet'),
        ({"facts": [[]]}, '"facts" moet'),
        ({"document_sha256": "x"}, '"document_sha256" moet'),
        ({"id": 7}, '"id" moet'),
    ],
)
def test_a_wrong_gold_line_is_named(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    path = write(tmp_path / "goud.jsonl", GOOD, GOOD | {"id": "2"} | changes)
    with pytest.raises(InputError, match=f"regel 2: .*{message}"):
        read_gold(path)


def test_all_wrong_lines_are_named_at_once_each_with_all_that_is_wrong(tmp_path: Path) -> None:
    lines = [
        "kapot",
        GOOD,
        "[]",
        GOOD,
        {"id": "5"},
        "[" * 100_000,
        "kapot",
        GOOD | {"id": "", "kind": 3},
        '{"id": 1e999}',
    ]
    with pytest.raises(InputError) as caught:
        read_gold(write(tmp_path / "goud.jsonl", *lines))
    message = str(caught.value)
    for part in (
        "regel 1, 7: geen geldige JSON", "regel 3: geen JSON-object", "regel 4: deze id komt al eerder voor",
        "regel 5, 9: ontbrekend veld: answerable, document_sha256", "regel 6: geen geldige JSON",
        'regel 8-9: "id" moet',
        'regel 8: "kind" moet',
    ):  # fmt: skip
        assert part in message


def test_an_empty_a_missing_and_a_binary_file_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="er staat geen vraag in"):
        read_gold(write(tmp_path / "leeg.jsonl", "", " "))
    with pytest.raises(InputError, match="niet lezen"):
        read_gold(tmp_path / "weg.jsonl")
    (tmp_path / "binair.jsonl").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(InputError, match="niet lezen"):
        read_gold(tmp_path / "binair.jsonl")


def test_a_hundred_thousand_lines_are_checked_at_once(tmp_path: Path, sample: Document) -> None:
    pick = random.Random(1).choices
    words = sample.text.split()
    lines = [GOOD | {"id": str(n), "question": " ".join(pick(words, k=6))} for n in range(100_000)]
    for n in range(0, 100_000, 2):
        lines[n]["kleur"] = "rood"
    path = write(tmp_path / "groot.jsonl", *lines)
    with pytest.raises(InputError, match=r"regel 1, 3, 5, .* en nog 49950 regels: onbekend veld: kleur") as caught:
        read_gold(path)
    assert len(str(caught.value)) < 2000
    path = write(tmp_path / "groot.jsonl", *({k: v for k, v in line.items() if k != "kleur"} for line in lines))
    questions = read_gold(path).questions
    assert len(questions) == 100_000
    twins(questions)
    found = errors_against(questions, {HASH: sample})
    assert found[100_000] == [
        "span [0, 5] begint of eindigt met wit",
        "een vraag met antwoord noemt geen deel (sections)",
    ]


def test_lines_are_listed_as_ranges() -> None:
    assert listed({1: ["a"], 2: ["a", "b"], 3: ["a"], 7: ["a"]}) == "\n  regel 1-3, 7: a\n  regel 2: b"


def test_gold_survives_writing_and_reading(tmp_path: Path) -> None:
    item = GOOD | {"turns": ["Wat?", "En hoe?"], "facts": [["12", "twaalf"]], "sections": ["é"], "notes": "n"}
    item.pop("question")
    question = question_from(item)
    assert question_from(json.loads(gold_line(question))) == question
    assert question.question == "En hoe?"


def test_gold_about_another_document_or_outside_it_is_refused_by_line(tmp_path: Path, made_up: Document) -> None:
    path = write(tmp_path / "goud.jsonl", GOOD, GOOD | {"id": "2"})
    with pytest.raises(InputError, match=r"regel 1-2: dit document staat niet in de index"):
        gold_for([made_up], path)
    far = GOOD | {"spans": [[0, 10**9]], "document_sha256": made_up.sha256}
    with pytest.raises(InputError, match=r"regel 1: een span ligt buiten het document"):
        gold_for([made_up], write(path, far))
    with pytest.raises(InputError, match="geen gouden vragen"):
        gold_for([made_up], None)


def test_the_split_is_in_the_name(tmp_path: Path, made_up: Document) -> None:
    line = GOOD | {"document_sha256": made_up.sha256}
    dev = write(tmp_path / "brug.dev.jsonl", line)
    assert [file.split for file in gold_for([made_up], dev, "dev")] == ["dev"]
    with pytest.raises(InputError, match="deel test"):
        gold_for([made_up], dev, "test")
    assert gold_for([made_up], write(tmp_path / "brug.jsonl", line), "test")[0].split == ""


def test_the_bundled_gold_fits_its_documents(sample: Document) -> None:
    questions = [question for path in bundled_gold() for question in read_gold(path).questions]
    ours = [question for question in questions if question.document_sha256 == sample.sha256]
    assert len(ours) >= 50
    assert errors_against(questions, {sample.sha256: sample}) == {}
    assert twins(ours) == []
    assert sum(q.style == "paraphrase" for q in ours if q.answerable) >= 0.35 * sum(q.answerable for q in ours)


def test_the_reports_gold_fits_the_report(report: Document) -> None:
    questions = [question for path in bundled_gold() for question in read_gold(path).questions]
    assert errors_against(questions, {report.sha256: report}) == {}


@pytest.mark.parametrize(
    "words",
    [
        "De reistijd naar het ziekenhuis daalde",  # cut at a line end
        "de REISTIJD   naar het ziekenhuis daalde",
        "De reis-tijd naar het ziekenhuis daalde",
        "De reistijd ... daalde",
    ],
)
def test_words_are_found_whatever_the_line_breaks(made_up: Document, words: str) -> None:
    (span,) = Finder(made_up).find(words)
    assert made_up.source[slice(*span)] == "De reis-\ntijd naar het ziekenhuis daalde"


def test_words_around_a_footnote_are_found_in_the_readable_text(made_up: Document) -> None:
    (span,) = Finder(made_up).find(
        "op voorwaarde dat de provincie het onderhoud voor haar rekening neemt tot het jaar 2040"
    )
    assert made_up.source[slice(*span)].startswith("op voorwaarde dat")
    assert "aanvraag" not in made_up.source[slice(*span)]


def test_quotation_marks_and_every_place_are_found(sample: Document) -> None:
    finder = Finder(sample)
    assert len(finder.find("buurtbus")) == sample.source.count("buurtbus")
    assert finder.find("vijf “aanbevelingen”") == []
    assert Finder(replace_source(sample)).find("zo’n plan") == Finder(replace_source(sample)).find("zo'n plan") != []
    assert finder.known_part("De buurtbus rijdt nooit meer") == "De buurtbus rijdt"
    assert finder.known_part("qqq") == ""
    assert finder.find("...") == finder.find(" ") == []


def replace_source(document: Document) -> Document:
    return replace(document, source=document.source + "\nzo`n plan")


@given(st.text(max_size=40))
def test_every_letter_keeps_its_place(text: str) -> None:
    found = squeezed(text)
    assert len(found.letters) == len(found.origin)
    assert list(found.origin) == sorted(found.origin)
    for letter, place in zip(found.letters, found.origin, strict=True):
        assert letter in text[place].casefold() or letter in "'-"


def test_words_in_several_places_need_a_choice(sample: Document, capsys: pytest.CaptureFixture[str]) -> None:
    finders = [Finder(sample)]
    _, every = locate(finders, "buurtbus", Choice(every=True))
    _, some = locate(finders, "buurtbus", Choice((2, 4)))
    assert some == [every[1], every[3]]
    assert "»buurtbus«" in capsys.readouterr().out
    with pytest.raises(InputError, match=r"op 7 plaatsen"):
        locate(finders, "buurtbus", Choice())
    with pytest.raises(InputError, match="geen nummer van 1 tot en met 7"):
        locate(finders, "buurtbus", Choice((8,)))
    with pytest.raises(InputError, match='Wel gevonden: "De buurtbus rijdt"'):
        locate(finders, "De buurtbus rijdt nooit", Choice())


def test_context_is_cut_at_words(sample: Document) -> None:
    (span,) = Finder(sample).find("Een rit kost 1,50 euro")
    before, inside, after = in_context(sample.source, span, 30)
    assert inside == "Een rit kost 1,50 euro"
    assert before.startswith("…")
    assert after.endswith("…")
    assert "\n" not in before + inside + after


def question(made_up: Document, name: str, **changes: object) -> GoldQuestion:
    start = made_up.source.index("Het werk kostte")
    span = (start, start + 20)
    plain = GoldQuestion(name, ("Wat kostte het?",), True, made_up.sha256, (span,), sections=("Samenvatting",))
    return replace(plain, **changes)


def test_a_line_is_added_whole_or_not_at_all(
    tmp_path: Path, made_up: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "goud.jsonl"
    append_gold(path, [question(made_up, "1")])
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n"), encoding="utf-8")  # a person's editor
    append_gold(path, [question(made_up, next_id(path))])
    assert [q.id for q in read_gold(path).questions] == ["1", "goud-002"]
    before = path.read_bytes()
    with pytest.raises(InputError, match="komt al voor: 1"):
        append_gold(path, [question(made_up, "3"), question(made_up, "1")])
    monkeypatch.setattr(os, "fsync", lambda _file: (_ for _ in ()).throw(OSError(28, "schijf vol")))
    with pytest.raises(BronvastError, match="schijf vol"):
        replace_file(path, "half")
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(InputError, match="facts"):
        completed(question(made_up, "4", answerable=False, spans=(), facts=(("x",),)))


def test_the_sections_of_a_place_are_named_as_in_answers(sample: Document) -> None:
    (span,) = Finder(sample).find("2019 22.700 94")
    assert sections_at(sample, [span]) == ("2", "tabel 1")
    assert {"2", "tabel 1", "Samenvatting", "voetnoot 2", "tekstkader 1"} <= section_names(sample)


def test_the_check_names_what_does_not_fit(made_up: Document) -> None:
    length = len(made_up.source)
    wrong = {
        1: {"spans": ((0, length + 1),)},
        2: {"sections": ("12",)},
        3: {"sections": ()},
        4: {"spans": ((made_up.source.index("\n\nDe brug"), made_up.source.index("De brug")),)},
        5: {"spans": ((span := question(made_up, "").spans[0]), span)},
        6: {},
    }
    questions = [question(made_up, str(n), line=n, **changes) for n, changes in wrong.items()]
    found = errors_against(questions, {made_up.sha256: made_up})
    assert "buiten het document" in found[1][0]
    assert "kent het document niet: 12" in found[2][0]
    assert "noemt geen deel" in found[3][0]
    assert "bevat geen woorden" in found[4][0]
    assert "twee keer" in found[5][0]
    assert 6 not in found


def test_questions_that_are_nearly_the_same_are_paired(made_up: Document) -> None:
    texts = [
        "Hoeveel kostte de nieuwe brug?",
        "hoeveel kostte nieuwe brug",
        "Wie betaalde het onderhoud?",
        "Wat?",
        "Wat?",
    ]
    pairs = twins([question(made_up, str(n), turns=(text,)) for n, text in enumerate(texts)])
    assert [(one.id, other.id) for one, other, _ in pairs] == [("0", "1")]


def test_coverage_names_what_no_question_touches(made_up: Document) -> None:
    seen = coverage([question(made_up, "1")], made_up, 5, 2)
    assert "Samenvatting" not in [section.label for section in seen.untouched_sections]
    assert "Gevolgen voor het verkeer" in [section.label for section in seen.untouched_sections]
    assert 0 < len(seen.untouched_passages) < len(seen.passages)


def test_the_check_says_what_is_wrong_in_every_file(
    tmp_path: Path, made_up: Document, capsys: pytest.CaptureFixture[str]
) -> None:
    append_gold(good := tmp_path / "goed.jsonl", [question(made_up, "1")])
    assert check_files([good], {made_up.sha256: made_up}, 5, 2)
    bad = write(tmp_path / "fout.jsonl", "kapot")
    assert not check_files([good, bad, write(tmp_path / "ver.jsonl", GOOD)], {made_up.sha256: made_up}, 5, 2)
    said = capsys.readouterr().out
    assert "regel 1: geen geldige JSON" in said
    assert "document dat hier niet is" in said
    assert "staat in meer dan een bestand: 1" in said
    assert "Over deze delen gaat geen vraag" in said


def test_a_person_adds_and_checks_gold(tmp_path: Path) -> None:
    asked = ("--question", "Wat kost een rit?", "--words", "Een rit kost 1,50 euro")
    rest = ("--fact", "1,50|anderhalve euro", "--turn", "Wat is de buurtbus?")
    made = run_in(tmp_path, "gold", "add", "eigen.jsonl", *asked, *rest)
    assert made.returncode == 0, made.stderr
    assert "»Een rit kost 1,50 euro«" in made.stdout
    (added,) = read_gold(tmp_path / "eigen.jsonl").questions
    assert added.turns == ("Wat is de buurtbus?", "Wat kost een rit?")
    assert added.sections == ("2",)
    assert added.facts == (("1,50", "anderhalve euro"),)
    refused = run_in(tmp_path, "gold", "add", "eigen.jsonl", "--question", "Wie?", "--words", "Een rit kost niets")
    assert refused.returncode == 2
    assert 'Wel gevonden: "Een rit kost"' in refused.stderr
    assert run_in(tmp_path, "gold", "add", "eigen.jsonl", "--question", "Hoe laat?", "--unanswerable").returncode == 0
    checked = run_in(tmp_path, "gold", "check", "eigen.jsonl")
    assert checked.returncode == 0, checked.stdout
    assert "2 vragen, 1 met antwoord" in checked.stdout
    assert run_in(tmp_path, "gold", "check").returncode == 0
