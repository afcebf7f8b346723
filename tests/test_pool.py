"""The line before the workers: bounded, in order, and no question lost when a worker dies."""

import asyncio
import threading
import time
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.current import Current
from api.pool import MOST_TRIES, Answered, GoneError, Listener, LocalWorker, Pool
from api.problems import RefusedError
from api.service import Service
from fakes import FakeEncoder, answerer_on
from index.store import Index
from qa.answer import Answerer
from qa.selection import Selection
from qa.settings import Settings

QUESTION = "Wat kostte het werk aan de brug?"


class Scripted:
    """Answers when it may; does what a test says before."""

    def __init__(self, current: Current, before: Callable[[str], None]) -> None:
        self._worker = LocalWorker(current)
        self._before = before
        self.asked: list[str] = []
        self.starts = 0
        self.ready = True
        self.failure = None
        self.closed = False

    def start(self) -> bool:
        self.starts += 1
        return True

    def answer(
        self, question: str, earlier: tuple[str, ...], selection: Selection, listener: Listener = None
    ) -> Answered:
        self.asked.append(question)
        self._before(question)
        return self._worker.answer(question, earlier, selection, listener)

    def look(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True


async def all_of(pool: Pool, questions: list[str]) -> list[Answered | BaseException]:
    async def ask(question: str) -> Answered:
        return await pool.submit(question, ())

    return await asyncio.gather(*(ask(question) for question in questions), return_exceptions=True)


def test_answers_are_those_of_the_answerer_whatever_the_number_of_workers(fake_answerer: Answerer) -> None:
    current = Current(fake_answerer)
    pool = Pool([LocalWorker(current) for _ in range(3)], 100, 10)
    questions = [f"{QUESTION} {number}" for number in range(20)]
    given = asyncio.run(all_of(pool, questions))
    pool.close()
    for question, answered in zip(questions, given, strict=True):
        assert isinstance(answered, Answered)
        assert answered.answer == fake_answerer.answer(question)
        assert answered.build == fake_answerer.index.fingerprint
        assert set(answered.stages) == {"wachtrij", "zoeken_en_citeren"}


def test_a_full_line_refuses_at_once_and_answers_what_it_took(fake_answerer: Answerer) -> None:
    gate = threading.Event()
    worker = Scripted(Current(fake_answerer), lambda _question: gate.wait() and None)
    pool = Pool([worker], 3, 10)

    async def crowd() -> tuple[list[Answered | BaseException], float]:
        first = asyncio.create_task(all_of(pool, ["eerste"]))
        while not worker.asked:
            await asyncio.sleep(0.01)
        others = [asyncio.create_task(all_of(pool, [f"vraag {n}"])) for n in range(3)]
        await asyncio.sleep(0.01)
        assert pool.full
        started = time.perf_counter()
        for _ in range(100):
            with pytest.raises(RefusedError) as refused:
                pool.submit("te veel", ())
            assert refused.value.status == 503
            assert refused.value.headers["Retry-After"]
        spent = time.perf_counter() - started
        gate.set()
        done = [await task for task in (first, *others)]
        return [one[0] for one in done], spent

    done, spent = asyncio.run(crowd())
    assert all(isinstance(one, Answered) for one in done)
    assert spent < 0.5
    assert worker.asked == ["eerste", "vraag 0", "vraag 1", "vraag 2"]
    pool.close()
    assert worker.closed


def test_a_question_whose_worker_dies_goes_to_another(fake_answerer: Answerer) -> None:
    died = []

    def die_once(question: str) -> None:
        if not died:
            died.append(question)
            raise GoneError

    current = Current(fake_answerer)
    pool = Pool([Scripted(current, die_once), Scripted(current, die_once)], 10, 10)
    given = asyncio.run(all_of(pool, [QUESTION, "Wat vroeg de gemeente?"]))
    pool.close()
    assert all(isinstance(one, Answered) for one in given)
    assert len(died) == 1


def test_a_question_that_kills_every_worker_is_refused_and_the_next_is_answered(fake_answerer: Answerer) -> None:
    def die(question: str) -> None:
        if question == "gif":
            raise GoneError

    worker = Scripted(Current(fake_answerer), die)
    pool = Pool([worker], 10, 10)
    bad, good = asyncio.run(all_of(pool, ["gif", QUESTION]))
    pool.close()
    assert isinstance(bad, RefusedError)
    assert bad.status == 503
    assert isinstance(good, Answered)
    assert worker.asked.count("gif") == MOST_TRIES


def test_an_answer_that_takes_too_long_is_given_up(fake_answerer: Answerer) -> None:
    gate = threading.Event()
    pool = Pool([Scripted(Current(fake_answerer), lambda _question: gate.wait(5) and None)], 10, 0.1)
    late, never_begun = asyncio.run(all_of(pool, [QUESTION, QUESTION]))
    gate.set()
    pool.close()
    assert isinstance(late, RefusedError)
    assert isinstance(never_begun, RefusedError)


def test_a_stream_that_fails_after_it_began_ends_with_a_problem(fake_answerer: Answerer) -> None:
    def fail(_question: str) -> None:
        raise RuntimeError("geheim")

    current = Current(fake_answerer)
    settings = Settings(hosts=("testserver",))
    service = Service(settings, current, Pool([Scripted(current, fail)], 10, 10))
    client = TestClient(create_app(service), raise_server_exceptions=False)
    response = client.post("/v1/antwoorden", json={"question": QUESTION}, headers={"accept": "text/event-stream"})
    assert response.status_code == 200
    assert response.text.startswith("event: fout\ndata: ")
    assert '"status":500' in response.text
    assert "geheim" not in response.text
    chat = {"model": "bronvast", "messages": [{"role": "user", "content": QUESTION}], "stream": True}
    assert '"server_error"' in client.post("/v1/chat/completions", json=chat).text


def test_events_come_in_order_and_hold_the_answer(fake_answerer: Answerer) -> None:
    import json

    from live import client_of

    client = client_of(fake_answerer)
    ask = {"url": "/v1/antwoorden", "json": {"question": QUESTION}}
    text = client.post(**ask, headers={"accept": "text/event-stream;q=1, application/json;q=0.5"}).text
    events = [block.split("\n") for block in text.strip().split("\n\n")]
    names = [lines[0].removeprefix("event: ") for lines in events]
    data = [json.loads(lines[1].removeprefix("data: ")) for lines in events]
    assert [names[0], *sorted(set(names[1:-1])), names[-1]] == ["bronnen", "tekst", "antwoord"]
    whole = client.post(**ask).json()
    variable = ("id", "tookMs")
    assert {k: v for k, v in data[-1].items() if k not in variable} == {
        k: v for k, v in whole.items() if k not in variable
    }
    assert data[0] == whole["citations"]
    assert "".join(one["tekst"] for one in data[1:-1]) == whole["answer"]


def test_who_took_an_index_keeps_it_while_another_takes_its_place(fake_index: Index, tmp_path) -> None:  # type: ignore[no-untyped-def]
    before, after = answerer_on(fake_index, FakeEncoder()), answerer_on(fake_index, FakeEncoder())
    current = Current(before)
    (tmp_path / "CURRENT").write_text("een-andere-bouw 0\n")
    looked = threading.Event()

    def reopen(old: Answerer) -> Answerer:
        assert old is before
        looked.set()
        return after

    taken = current.opened
    current.watch(tmp_path, reopen)
    current.look()
    assert looked.wait(5)
    for _ in range(100):
        if current.answerer is after:
            break
        time.sleep(0.01)
    current.stop()
    assert current.answerer is after
    assert taken.answerer is before


def test_an_index_that_cannot_be_opened_changes_nothing(fake_answerer: Answerer, tmp_path) -> None:  # type: ignore[no-untyped-def]
    from corpus.errors import IndexUnusableError

    current = Current(fake_answerer)
    (tmp_path / "CURRENT").write_text("kapot 0\n")

    def reopen(_old: Answerer) -> Answerer:
        raise IndexUnusableError("kapot")

    current.watch(tmp_path, reopen)
    current.look()
    for _ in range(100):
        if current.failure:
            break
        time.sleep(0.01)
    current.stop()
    assert current.answerer is fake_answerer
    assert current.failure == "kapot"
