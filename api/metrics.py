"""Figures for Prometheus: how many, how long, how refused; never what was asked, or by whom."""

import time
from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from api.current import Current
from api.pool import Answered, Pool

BUCKETS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)


class Metrics:
    """Holds the counts of one service."""

    def __init__(self, current: Current, pool: Pool) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._registry.register(_State(current, pool))
        self._requests = Counter(
            "bronvast_verzoeken", "Verzoeken.", ("adres", "methode", "status"), registry=self._registry
        )
        self._duration = Histogram(
            "bronvast_verzoek_seconds", "Duur van een verzoek.", ("adres",), buckets=BUCKETS, registry=self._registry
        )
        self._answers = Counter(
            "bronvast_antwoorden", "Antwoorden en weigeringen.", ("status", "reden"), registry=self._registry
        )
        self._quotes = Counter("bronvast_citaten", "Citaten in antwoorden.", registry=self._registry)
        self._written = Counter(
            "bronvast_geschreven", "Antwoorden waar een taalmodel bij was.", ("uitkomst",), registry=self._registry
        )
        self._tokens = Counter("bronvast_tokens", "Tokens van het taalmodel.", ("richting",), registry=self._registry)
        self._cost = Counter("bronvast_kosten", "Kosten van het taalmodel.", registry=self._registry)
        self._stages = Histogram(
            "bronvast_fase_seconds", "Duur van een fase.", ("fase",), buckets=BUCKETS, registry=self._registry
        )

    def count_request(self, route: str, method: str, status: int, seconds: float) -> None:
        """One request; `route` is the pattern of the address, not the address."""
        self._requests.labels(route, method, str(status)).inc()
        self._duration.labels(route).observe(seconds)

    def count_answer(self, answered: Answered) -> None:
        """One answer."""
        answer = answered.answer
        self._answers.labels(str(answer.status), str(answer.reason or "")).inc()
        self._quotes.inc(len(answer.citations))
        if answer.written:
            self._written.labels("terugval" if answer.written.fallback else "zinnen").inc()
            self._tokens.labels("heen").inc(answer.written.usage.prompt_tokens)
            self._tokens.labels("terug").inc(answer.written.usage.completion_tokens)
            self._cost.inc(answer.written.usage.cost)
        for stage, milliseconds in answered.stages.items():
            self._stages.labels(stage).observe(milliseconds / 1000)

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self._registry)


class _State(Collector):
    """What can be read off at any time."""

    def __init__(self, current: Current, pool: Pool) -> None:
        self._current = current
        self._pool = pool

    def collect(self) -> Iterator[Metric]:
        made = datetime.fromisoformat(self._current.answerer.index.manifest["created"]).timestamp()
        ready = sum(worker.ready for worker in self._pool.workers)
        for name, text, value in (
            ("bronvast_index_leeftijd_seconds", "Hoe lang geleden de index is gemaakt.", time.time() - made),
            (
                "bronvast_index_open_seconds",
                "Hoe lang deze index in gebruik is.",
                time.time() - self._current.opened.since,
            ),
            (
                "bronvast_index_vervangen_mislukt",
                "1 als een nieuwe index niet geopend kon worden.",
                bool(self._current.failure),
            ),
            ("bronvast_wachtrij", "Vragen die wachten.", self._pool.waiting),
            ("bronvast_werkers", "Processen die kunnen antwoorden.", ready),
        ):
            yield GaugeMetricFamily(name, text, value=float(value))
