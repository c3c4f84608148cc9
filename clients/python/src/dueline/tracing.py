"""Spans of handlers, where OpenTelemetry is installed."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from .job import Job

try:
    from opentelemetry import propagate, trace
except ImportError:
    trace = None


def span_of(job: Job) -> AbstractContextManager[Any]:
    """A span that continues the trace of the call that scheduled the job."""
    if trace is None:
        return nullcontext()
    span: AbstractContextManager[Any] = trace.get_tracer("dueline").start_as_current_span(
        f"process {job.queue}",
        context=propagate.extract(job.attributes),
        kind=trace.SpanKind.CONSUMER,
        attributes={
            "messaging.system": "dueline",
            "messaging.destination.name": job.queue,
            "messaging.message.id": job.id,
            "dueline.attempt": job.attempt,
        },
    )
    return span
