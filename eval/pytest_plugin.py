"""`pytest --bronvast-gold FILE`: each gold question a test, in process or with `--bronvast-url` against a service.

Loaded in every run of pytest where Bronvast is installed: so nothing is imported before a gold file is given.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from eval.gold import GoldQuestion
    from eval.outcome import Outcome
    from eval.run import Ask

ASK = pytest.StashKey["Ask"]()


class WrongAnswerError(AssertionError):
    """The answer is not what the gold says; the message says what was given."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The two options."""
    group = parser.getgroup("bronvast", "gouden vragen van Bronvast")
    group.addoption(
        "--bronvast-gold", action="append", default=[], metavar="BESTAND", help="Bestand met gouden vragen."
    )
    group.addoption("--bronvast-url", default="", metavar="URL", help="Stel de vragen aan deze draaiende dienst.")


def pytest_configure(config: pytest.Config) -> None:
    """Gold files are collected beside whatever else was asked for. Raises UsageError for one that is missing."""
    for name in config.getoption("bronvast_gold"):
        if not Path(name).is_file():
            raise pytest.UsageError(f"--bronvast-gold: het bestand {name} bestaat niet.")
        config.args.append(str(Path(name)))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Only the files given: another .jsonl is none of our business."""
    given = [Path(name).resolve() for name in parent.config.getoption("bronvast_gold")]
    return GoldTests.from_parent(parent, path=file_path) if file_path.resolve() in given else None


class GoldTests(pytest.File):
    """A gold file as a file of tests."""

    def collect(self) -> Iterator[pytest.Item]:
        """One test a question."""
        from corpus.errors import InputError
        from eval.gold import read_gold

        try:
            questions = read_gold(self.path).questions
        except InputError as error:
            raise self.CollectError(str(error)) from error
        for question in questions:
            yield GoldTest.from_parent(self, name=question.id, gold=question)


class GoldTest(pytest.Item):
    """A gold question as a test: an answering quote among three, word for word, or a refusal."""

    def __init__(self, *, gold: "GoldQuestion", **rest: Any) -> None:
        super().__init__(**rest)
        self.gold = gold

    def runtest(self) -> None:
        """Ask, and compare with the gold."""
        from eval.measures import scores_of

        if ASK not in self.config.stash:
            self.config.stash[ASK] = _ask(self.config.getoption("bronvast_url"))
        outcome = self.config.stash[ASK](self.gold)
        scores = scores_of(outcome)
        if scores["right"] < 1 or scores.get("quotes verbatim", 1) < 1:
            raise WrongAnswerError(_explained(outcome))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What went wrong, without our own stack."""
        from corpus.errors import BronvastError

        known = isinstance(excinfo.value, WrongAnswerError | BronvastError)
        return str(excinfo.value) if known else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The line of the gold file."""
        return self.path, self.gold.line - 1, f"{self.gold.id}: {self.gold.question}"


def _ask(url: str) -> "Ask":
    """Asks a service, or an answerer in this process whose index is first brought up to date."""
    if url:
        from eval.service import asker_of

        return asker_of(url)
    from eval.run import asker
    from qa.engine import given_paths, open_extractive, prepare_index
    from qa.settings import load_settings

    settings = load_settings()
    prepare_index(settings, given_paths(settings), False, _quiet, _quiet)
    return asker(open_extractive(settings, _quiet))


def _quiet(*_said: object) -> None:
    """Progress belongs to no test."""


def _explained(outcome: "Outcome") -> str:
    from eval.wording import place_words

    gold = outcome.gold
    expected = f"een citaat uit {' of '.join(gold.sections) or 'het document'}" if gold.answerable else "geen antwoord"
    given = [f"  {place_words(quote.sections, quote.page)}: {quote.text}" for quote in outcome.quotes]
    return "\n".join(
        [f"Vraag: {gold.question}", f"Verwacht: {expected}", "Gekregen:", *(given or [f"  {outcome.text}"])]
    )
