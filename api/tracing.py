"""Traces for OpenTelemetry, when a setting names a collector: times and outcomes, never a question."""

import time
from collections.abc import Callable

from api.pool import Answered
from corpus.errors import InputError

Trace = Callable[[Answered], None]


def tracer_to(endpoint: str) -> Trace:
    """Sends a span for each answer to a collector. Raises InputError when OpenTelemetry is not installed."""
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise InputError("traces: installeer eerst OpenTelemetry met: pip install 'bronvast[otel]'") from error
    provider = TracerProvider(resource=Resource.create({"service.name": "bronvast"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
    return trace_with(provider)


def trace_with(provider: "TracerProvider") -> Trace:  # type: ignore[name-defined]  # noqa: F821
    """One span an answer with a child for each stage, ending now."""
    from opentelemetry.trace import set_span_in_context

    tracer = provider.get_tracer("bronvast")

    def trace(answered: Answered) -> None:
        answer, stages = answered.answer, answered.stages
        end = time.time_ns()
        start = end - int(sum(stages.values()) * 1e6)
        attributes = {
            "bronvast.status": str(answer.status),
            "bronvast.reason": str(answer.reason or ""),
            "bronvast.quotes": len(answer.citations),
            "bronvast.index": answered.build,
        }
        whole = tracer.start_span("antwoord", start_time=start, attributes=attributes)
        context = set_span_in_context(whole)
        for stage, milliseconds in stages.items():
            part = tracer.start_span(stage, context=context, start_time=start)
            start += int(milliseconds * 1e6)
            part.end(start)
        whole.end(end)

    return trace
