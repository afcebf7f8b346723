"""Bronvast beside other systems: the bench's own logic, with runners that are a few lines and need no network."""

import json
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import eval.bench.peers as peers
from corpus.errors import InputError
from corpus.model import Document
from eval.bench.contest import askable, measure, place_finder
from eval.bench.driven import SERVE, Driven, RunnerError
from eval.bench.environments import INSTALLED, PEERS, NotInstalledError, Peer, chosen_peers, install
from eval.gold import GoldQuestion

QUESTIONS = {
    "Hoeveel miljoen euro kostte het werk?": "Het werk kostte 12 miljoen euro.",
    "Wie vroeg geld aan het Rijk?": "De gemeente Lauwerdam vroeg daarom geld aan het Rijk.",
    "Met hoeveel minuten daalde de reistijd naar het ziekenhuis?": "De reistijd naar het ziekenhuis daalde met negen",
}

# Finds by shared words, says noise on standard output, and ranks one question wrong on purpose.
RUNNER = """
import re

print("noise before anything")


class Runner:
    version = "9"

    def __init__(self, model):
        self.model = model

    def index(self, document):
        print("noise while indexing")
        text = open(document, encoding="utf-8").read()
        self.pieces = [piece for piece in re.split(r"(?<=[.])\\s", text) if piece.strip()]
        return len(self.pieces)

    def ask(self, question, k):
        if "boem" in question:
            raise RuntimeError("boem")
        words = set(re.findall(r"\\w+", question.lower()))
        shared = lambda piece: len(words & set(re.findall(r"\\w+", piece.lower())))
        found = sorted(self.pieces, key=shared, reverse=True)[:k]
        return ["Dit staat nergens.", *found][:k] if "Wie" in question else found
"""


@pytest.fixture
def runner(tmp_path: Path) -> list[str]:
    """The command of a runner, driven by the real serve.py."""
    folder = tmp_path / "runners"
    folder.mkdir()
    (folder / "serve.py").write_text(SERVE.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "tiny.py").write_text(RUNNER, encoding="utf-8")
    return [sys.executable, str(folder / "serve.py"), "tiny"]


@pytest.fixture
def source(made_up: Document, tmp_path: Path) -> Path:
    path = tmp_path / "document.txt"
    path.write_text(made_up.source, encoding="utf-8")
    return path


def asked_about(document: Document) -> list[GoldQuestion]:
    places = place_finder(document)
    return [
        GoldQuestion(f"g{n}", (question,), True, document.sha256, spans=(places(words)[0],))
        for n, (question, words) in enumerate(QUESTIONS.items())
    ]


def test_a_runner_is_measured_by_the_places_of_what_it_finds(
    made_up: Document, runner: list[str], source: Path, tmp_path: Path
) -> None:
    questions = asked_about(made_up)
    score = measure("Klein", runner, tmp_path, source, questions, place_finder(made_up), 1, 60)
    assert (score.label, score.version) == ("Klein", "9")
    assert score.hit_at_1 == pytest.approx(2 / 3)
    assert score.hit_at_5 == 1.0
    assert score.lost == 1
    assert score.pieces > len(QUESTIONS)
    assert 0 < score.p50 <= score.p95


def test_a_text_stands_in_all_its_places_and_one_that_is_not_in_the_source_in_none(made_up: Document) -> None:
    places = place_finder(made_up)
    assert places("Dit staat nergens.") == ()
    [(start, end)] = places("Het werk kostte 12 miljoen euro.")
    assert made_up.source[start:end] == "Het werk kostte 12 miljoen euro."
    assert len(places("de brug")) == 2


def test_only_questions_that_all_can_be_asked_count(made_up: Document) -> None:
    [plain, *_] = asked_about(made_up)
    others = [
        GoldQuestion("geen", ("Hoe heet de burgemeester?",), False, made_up.sha256),
        GoldQuestion(
            "gesprek", ("Hoeveel miljoen euro kostte het werk?", "En daarna?"), True, made_up.sha256, spans=plain.spans
        ),
        GoldQuestion("elders", ("Hoeveel miljoen euro kostte het werk?",), True, "0" * 64, spans=plain.spans),
    ]
    assert askable([plain, *others], made_up) == [plain]


def test_a_runner_that_breaks_says_at_what_and_why(runner: list[str], source: Path) -> None:
    with Driven(runner, 1, 60) as driven:
        driven.tell(load="")
        assert driven.tell(index=str(source))["pieces"] > 0
        with pytest.raises(RunnerError, match=r"gestopt bij ask: .*RuntimeError: boem"):
            driven.tell(ask="boem", k=5)


def test_a_runner_that_hangs_is_ended() -> None:
    with (
        Driven([sys.executable, "-c", "import time; time.sleep(60)"], 1, 0.5) as driven,
        pytest.raises(RunnerError, match=r"load duurde langer dan 0\.5 s"),
    ):
        driven.tell(load="")


def test_threads_are_pinned_and_hubs_are_told_to_stay_offline() -> None:
    script = (
        "import json, os, sys; sys.stdin.readline(); "
        "print(json.dumps({'seconds': 0} | {n: os.environ[n] for n in ('OMP_NUM_THREADS', 'HF_HUB_OFFLINE')}))"
    )
    with Driven([sys.executable, "-c", script], 3, 60) as driven:
        assert driven.tell(load="") == {"seconds": 0, "OMP_NUM_THREADS": "3", "HF_HUB_OFFLINE": "1"}


def test_what_was_installed_is_not_installed_again(tmp_path: Path) -> None:
    peer = Peer("leeg", "Leeg", "tiny", ())
    said: list[str] = []
    python = tmp_path / "leeg" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    (tmp_path / "leeg" / INSTALLED).write_text("", encoding="utf-8")
    assert install(peer, tmp_path, said.append) == python
    assert said == []


def test_a_package_that_cannot_be_had_says_so(tmp_path: Path) -> None:
    peer = Peer("weg", "Weg", "tiny", (str(tmp_path / "nergens.whl"),))
    with pytest.raises(NotInstalledError, match="Weg: is niet te installeren met pip"):
        install(peer, tmp_path, lambda _message: None)


def test_every_peer_is_pinned_and_has_a_runner() -> None:
    for peer in PEERS:
        assert (SERVE.parent / f"{peer.runner}.py").is_file()
        assert all("==" in requirement for requirement in peer.requirements)
    with pytest.raises(InputError, match="--only nergens"):
        chosen_peers(["nergens"])


def test_the_command_prints_a_table_and_says_what_could_not_be_measured(
    made_up: Document, runner: list[str], source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gold = tmp_path / "goud.jsonl"
    rows = [
        {
            "id": question.id,
            "question": question.question,
            "answerable": True,
            "spans": [list(span) for span in question.spans],
            "document_sha256": question.document_sha256,
        }
        for question in asked_about(made_up)
    ]
    gold.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    known = (
        Peer("klein", "Klein", "tiny", ("klein==1",)),
        Peer("stuk", "Stuk", "bestaat_niet", ("stuk==1",)),
        Peer("weg", "Weg", "tiny", ("weg==1",)),
    )

    def installed(peer: Peer, _folder: Path, _notify: object) -> Path:
        if peer.name == "weg":
            raise NotInstalledError("Weg: staat niet op PyPI")
        return Path(sys.executable)

    monkeypatch.setattr(peers, "chosen_peers", lambda _names: known)
    monkeypatch.setattr(peers, "install", installed)
    monkeypatch.setattr(peers, "OUR_RUNNER", "tiny")
    monkeypatch.setattr(peers, "runner_command", lambda python, name: [str(python), runner[1], name])
    app = peers.typer.Typer()
    app.command()(peers.main)
    done = CliRunner().invoke(app, [str(source), "--gold", str(gold), "--threads", "1"])
    assert done.exit_code == 0, done.output
    assert "3 vragen, 1 rekendraden" in done.output
    assert "| Bronvast 9 | 0,667 | 1,000 |" in done.output
    assert "| Klein 9 | 0,667 | 1,000 |" in done.output
    assert "Niet gemeten: Weg: staat niet op PyPI" in done.output
    assert "Niet gemeten: Stuk: gestopt bij load" in done.output


def test_the_verdict_names_only_what_is_faster_and_finds_no_less() -> None:
    def score(label: str, hit: float, p50: float) -> peers.Score:
        return peers.Score(label, "", hit, hit, p50, p50, 1.0, 1, 1.0, 0)

    ours = score("Bronvast", 0.8, 20.0)
    assert peers.verdict([ours, score("A", 0.7, 5.0), score("B", 0.9, 30.0)]).startswith("Geen ander")
    assert "hit@1 die minstens zo goed is: C." in peers.verdict([ours, score("C", 0.8, 19.0)])
