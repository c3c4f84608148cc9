"""One stream of due jobs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, Protocol

import grpc

from .connection import Connection, Target, closed
from .errors import DuelineError, error_of
from .v1 import scheduler_pb2 as pb
from .v1.scheduler_pb2_grpc import SchedulerServiceStub

_HEARTBEATS = 3
_START_S = 5.0


class StreamOwner(Protocol):
    """Gets what a stream brings."""

    def began(self, stream: Stream, watcher_id: str) -> None: ...
    def brought(self, stream: Stream, jobs: Any) -> None: ...
    def lost(self, leases: Any) -> None: ...
    def drains(self, stream: Stream) -> None: ...


class Stream:
    """A WatchDue call, from its beginning to its end. It is left when it is silent for three
    heartbeat intervals."""

    def __init__(self, connection: Connection, request: Any, owner: StreamOwner) -> None:
        self._connection = connection
        self._request = request
        self._owner = owner
        self._task: asyncio.Task[DuelineError | None] | None = None
        #: Jobs that it may have out at once.
        self.credit: int = request.max_outstanding_jobs
        #: Names the watch in StopWatch; empty before it has begun.
        self.watch_token = ""
        #: Whether jobs may still be given to it.
        self.is_open = True
        #: Whether the server extends the leases of its jobs no longer.
        self.has_ended = False
        self.has_brought_jobs = False
        #: When it last brought anything, by the monotonic clock.
        self.heard = time.monotonic()

    def open(self, ended: Callable[[Stream, DuelineError | None, float], None]) -> None:
        """Begins it; ``ended`` gets the error, if any, and the seconds that it lasted."""
        began = time.monotonic()
        self._task = asyncio.get_running_loop().create_task(self._run())

        def over(task: asyncio.Task[DuelineError | None]) -> None:
            self.is_open = False
            self.has_ended = True
            ended(self, _error_of(task), time.monotonic() - began)

        self._task.add_done_callback(over)

    def close(self) -> None:
        """Ends it, whatever is out."""
        if self._task:
            self._task.cancel()

    async def _run(self) -> DuelineError | None:
        if self._connection.is_closed:
            return closed()
        target = self._connection.next_target()
        # Of its own: other connections may be dead without anybody having been told.
        async with target.dial() as channel:
            return await self._read(target, channel)

    async def _read(self, target: Target, channel: grpc.aio.Channel) -> DuelineError | None:
        stub: Any = SchedulerServiceStub(channel)
        call = stub.WatchDue(self._request, metadata=self._connection.metadata)
        silence = max(_START_S, _HEARTBEATS * self._request.heartbeat_interval.seconds)
        try:
            while True:
                event = await asyncio.wait_for(call.read(), silence)
                if event is grpc.aio.EOF:
                    return None
                if event.HasField("started"):
                    interval = event.started.heartbeat_interval.ToTimedelta().total_seconds()
                    silence = _HEARTBEATS * interval
                self._take(event)
        except asyncio.TimeoutError:
            self._connection.failed(target, is_silent=True)
            return DuelineError(
                grpc.StatusCode.UNAVAILABLE, f"{target.address} was silent for {silence:g} s"
            )
        except grpc.aio.AioRpcError as failure:
            error = error_of(failure)
        finally:
            call.cancel()
        if error.code is grpc.StatusCode.UNAVAILABLE:
            self._connection.failed(target, is_silent=False)
        return error

    def _take(self, event: pb.WatchDueResponse) -> None:
        self.heard = time.monotonic()
        kind = event.WhichOneof("event")
        if kind == "started":
            self.watch_token = event.started.watch_token
            self._owner.began(self, event.started.watcher_id)
        elif kind == "due_jobs":
            self.has_brought_jobs = True
            self._owner.brought(self, event.due_jobs.jobs)
        elif kind == "lost_leases":
            self._owner.lost(event.lost_leases.leases)
        elif kind == "draining" and self.is_open:
            self.is_open = False
            self._owner.drains(self)


def _error_of(task: asyncio.Task[DuelineError | None]) -> DuelineError | None:
    if task.cancelled():
        return None
    failure = task.exception()
    if failure is None:
        return task.result()
    return DuelineError(grpc.StatusCode.INTERNAL, f"{type(failure).__name__}: {failure}")
