"""Requests as the contract has them, of what callers say in Python."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Literal

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from .v1 import scheduler_pb2 as pb

Span = float | timedelta
ConflictPolicy = Literal["reject", "keep", "replace", "replace_if_earlier", "replace_if_later"]


@dataclass(frozen=True)
class Retry:
    """When and how often a failed delivery is tried again; None: the server's default."""

    max_attempts: int = 0
    initial_backoff: Span | None = None
    max_backoff: Span | None = None
    multiplier: float = 0.0
    jitter: float | None = None


@dataclass(frozen=True)
class Scheduled:
    """What became of a schedule call. States and outcomes are named as in the contract, without
    prefix; empty where unspecified."""

    job_id: str
    due: datetime
    #: ``CREATED``, ``REPLACED`` or ``UNCHANGED``.
    outcome: str
    #: What the first answer to this request said, where this is a repeat.
    first_outcome: str
    #: ``PENDING``, ``LEASED`` or ``DEAD``: where the job that has the id stands now.
    job_state: str


def schedule_request(
    queue: str,
    payload: bytes | str = b"",
    *,
    id: str = "",
    in_: Span | None = None,
    at: datetime | None = None,
    cron: str = "",
    every: Span | None = None,
    time_zone: str = "",
    attributes: Mapping[str, str] | None = None,
    retry: Retry | None = None,
    ttl: Span | None = None,
    on_conflict: ConflictPolicy = "reject",
    request_id: str = "",
) -> Any:
    """The request of `Client.schedule`, with a fresh request_id unless there is one."""
    if in_ is not None and at is not None:
        raise ValueError("in_ and at contradict each other")
    if cron and every is not None:
        raise ValueError("cron and every contradict each other")
    request = pb.ScheduleRequest(
        queue=queue,
        job_id=id,
        payload=payload.encode() if isinstance(payload, str) else payload,
        attributes=attributes or {},
        conflict_policy=pb.ConflictPolicy.Value(f"CONFLICT_POLICY_{on_conflict.upper()}"),
        request_id=request_id or str(uuid.uuid4()),
    )
    set_when(request, in_, at)
    if ttl is not None:
        request.ttl.CopyFrom(duration(ttl))
    if cron:
        request.recurrence.cron = cron
    if every is not None:
        request.recurrence.interval.CopyFrom(duration(every))
    if time_zone:
        request.recurrence.time_zone = time_zone
    if retry:
        _set_retry(request.retry_policy, retry)
    return request


def scheduled(response: Any) -> Scheduled:
    """The answer of the contract as callers get it."""
    return Scheduled(
        response.job_id,
        moment(response.due_time),
        name(pb.ScheduleOutcome, response.outcome),
        name(pb.ScheduleOutcome, response.first_outcome),
        name(pb.JobState, response.job_state),
    )


def set_when(request: Any, in_: Span | None, at: datetime | None) -> None:
    """Sets the delay or the due time of a request; neither: at once."""
    if in_ is not None:
        request.delay.CopyFrom(duration(in_))
    if at is not None:
        request.due_time.CopyFrom(timestamp(at))


def duration(span: Span) -> Any:
    """A Duration of seconds or a timedelta."""
    result = Duration()
    result.FromTimedelta(span if isinstance(span, timedelta) else timedelta(seconds=span))
    return result


def moment(timestamp: Any) -> datetime:
    """A point in time, in UTC."""
    result: datetime = timestamp.ToDatetime(tzinfo=timezone.utc)
    return result


def name(enum: Any, value: int) -> str:
    """The name of a value without the prefix that all of its enum have; empty: unspecified."""
    if value == 0:
        return ""
    prefix = enum.Name(0).removesuffix("UNSPECIFIED")
    full: str = enum.Name(value) if value in enum.values() else f"{prefix}{value}"
    return full.removeprefix(prefix)


def timestamp(at: datetime) -> Any:
    """A Timestamp of a point in time that has a zone."""
    if at.tzinfo is None:
        raise ValueError("at needs a time zone: datetime.now(timezone.utc), for example")
    result = Timestamp()
    result.FromDatetime(at)
    return result


def _set_retry(policy: Any, retry: Retry) -> None:
    policy.max_attempts = retry.max_attempts
    policy.multiplier = retry.multiplier
    if retry.initial_backoff is not None:
        policy.initial_backoff.CopyFrom(duration(retry.initial_backoff))
    if retry.max_backoff is not None:
        policy.max_backoff.CopyFrom(duration(retry.max_backoff))
    if retry.jitter is not None:
        policy.jitter = retry.jitter
