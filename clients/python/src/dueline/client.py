"""The producer's side: schedule, take back, move, look."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from types import TracebackType
from typing import Any, Literal

import grpc

from .connection import Connection
from .errors import DuelineError
from .job import Job
from .requests import (
    Scheduled,
    Span,
    moment,
    name,
    schedule_request,
    scheduled,
    set_when,
)
from .v1 import scheduler_pb2 as pb


class Client:
    """Connections to one service. Belongs to the event loop that it is made in; closed by
    ``close``, or as an async context manager.

    Each call may take ``call_timeout`` seconds in all and ``attempt_timeout`` an attempt, and is
    made again where that is safe. What fails raises DuelineError.
    """

    def __init__(
        self,
        targets: str | Sequence[str] = "127.0.0.1:9000",
        *,
        token: str | None = None,
        credentials: grpc.ChannelCredentials | None = None,
        call_timeout: float = 10.0,
        attempt_timeout: float = 3.0,
    ) -> None:
        """``targets``: ``host:port`` or ``dns:///name:port``, one or several, which take turns.
        With ``credentials`` by TLS: ``grpc.ssl_channel_credentials()``."""
        addresses = [targets] if isinstance(targets, str) else list(targets)
        if not addresses:
            raise ValueError("no targets")
        timeouts = (call_timeout, attempt_timeout)
        self.connection = Connection(addresses, credentials, token, timeouts)

    async def schedule(self, queue: str, payload: bytes | str = b"", **options: Any) -> Scheduled:
        """Stores a job. The options are those of `schedule_request`: ``id``, ``in_`` or ``at``,
        ``cron`` or ``every`` with ``time_zone``, ``attributes``, ``retry``, ``ttl``,
        ``on_conflict``, ``request_id``. Neither ``in_`` nor ``at``: due at once."""
        request = schedule_request(queue, payload, **options)
        return scheduled(await self.connection.call("Schedule", request, repeatable=True))

    async def cancel(
        self, queue: str, id: str, *, cancel_leased: bool = False
    ) -> Literal["CANCELED", "LEASED", "NOT_FOUND"]:
        """Takes a job back. After ``CANCELED`` it is never delivered (again)."""
        request = pb.CancelRequest(
            queue=queue, job_id=id, cancel_leased=cancel_leased, request_id=str(uuid.uuid4())
        )
        response = await self.connection.call("Cancel", request, repeatable=True)
        return name(pb.CancelOutcome, response.outcome)  # type: ignore[return-value]

    async def reschedule(
        self, queue: str, id: str, *, in_: Span | None = None, at: datetime | None = None
    ) -> datetime:
        """Moves a job that waits, or is dead; the due time that it has now."""
        if (in_ is None) == (at is None):
            raise ValueError("one of in_ and at")
        request = pb.RescheduleRequest(queue=queue, job_id=id)
        set_when(request, in_, at)
        response = await self.connection.call("Reschedule", request, repeatable=at is not None)
        return moment(response.due_time)

    async def get(self, queue: str, id: str) -> Any:
        """The job as it stands, as the contract has it; None if there is none (any longer)."""
        request = pb.GetJobRequest(queue=queue, job_id=id)
        try:
            return (await self.connection.call("GetJob", request, repeatable=True)).job
        except DuelineError as error:
            if error.code is grpc.StatusCode.NOT_FOUND:
                return None
            raise

    @asynccontextmanager
    async def jobs(self, *queues: str, **options: Any) -> AsyncIterator[AsyncIterator[Job]]:
        """Jobs as they fall due, for those who want no handler; the options are those of `Worker`.

        ``async with client.jobs("mail") as jobs: async for job in jobs: await job.ack()``. Up to
        ``concurrency`` jobs are out until they are acknowledged or given back. What is out when
        the block ends is given back uncounted.
        """
        from .iterating import taken

        async with taken(self, queues, options) as jobs:
            yield jobs

    @property
    def scheduler(self) -> Any:
        """The stub of SchedulerService at the target whose turn it is, for all other calls."""
        return self.connection.next_target().scheduler

    @property
    def queues(self) -> Any:
        """The stub of QueueService at the target whose turn it is."""
        return self.connection.next_target().queues

    async def close(self) -> None:
        """Ends all connections; workers should be stopped before."""
        await self.connection.close()

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


connect = Client
