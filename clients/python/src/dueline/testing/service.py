"""A service for tests."""

from __future__ import annotations

import asyncio
import inspect
import json
import os
import re
import subprocess
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import grpc

from ..client import Client
from ..errors import error_of
from ..job import Job
from ..listener import Listener
from ..requests import Span, duration, moment, name, timestamp
from ..running import Handler
from ..v1 import scheduler_pb2 as pb
from ..worker import Worker
from .v1 import clock_pb2 as clock
from .v1.clock_pb2_grpc import ClockServiceStub

_COMMAND = ["dev", "--port", "0", "--test-clock"]
_JAVA = ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar"]
_UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_QUIET = {"QUARKUS_LOG_CONSOLE_LEVEL": "WARN", "QUARKUS_BANNER_ENABLED": "false"}
# The most that the service allows: what is slow here would be a failure that nobody can repeat.
_SETTLE_S = 60.0
# Due times are rounded up, create times down.
_ROUNDED = timedelta(milliseconds=1)


class DevService:
    """``dueline dev --test-clock``, of the environment variable ``DUELINE_DEV``, from now until
    `stop`, or until this process ends in whatever way. Belongs to no event loop."""

    def __init__(self) -> None:
        path = os.environ.get("DUELINE_DEV")
        if not path:
            raise RuntimeError("set DUELINE_DEV to Dueline's quarkus-run.jar or native binary")
        self._process = subprocess.Popen(
            [*(_JAVA if path.endswith(".jar") else []), path, *_COMMAND],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**_QUIET, **os.environ},
        )
        line = self._process.stdout.readline()  # type: ignore[union-attr]
        if not line:
            raise RuntimeError(f"{path} dev ended with {self._process.wait()}, see standard error")
        #: What the service says of itself: ``address``, ``pid``, ``dataDir`` and so on.
        self.ready: dict[str, Any] = json.loads(line)
        self._deliveries: dict[tuple[str, str], list[Job]] = defaultdict(list)

    def connect(self, **options: Any) -> Client:
        """A client, for ``async with``; the options are those of `dueline.connect`."""
        timeouts = {"call_timeout": _SETTLE_S, "attempt_timeout": _SETTLE_S}
        return Client(self.ready["address"], **{**timeouts, **options})

    async def now(self) -> datetime:
        """The time by the clock of the service."""
        return moment((await self._clock("GetTime", clock.GetTimeRequest())).time)

    async def advance(
        self,
        by: Span | str = 0,
        *,
        to: datetime | None = None,
        settle_timeout: Span = _SETTLE_S,
    ) -> Any:
        """Moves the clock on, ``by`` so much (``"3d"``, ``"1h30m"``, seconds, a timedelta) or
        ``to`` a time, from one event to the next; delivery has settled at each. Returns the
        AdvanceResponse: ``.jobs.delivered``, ``.jobs.died`` and so on, of all workers."""
        request = clock.AdvanceRequest(settle_timeout=duration(settle_timeout))
        if to is None:
            request.by.CopyFrom(duration(_span(by)))
        else:
            request.to.CopyFrom(timestamp(to))
        moved = await self._clock("Advance", request)
        if moved.incomplete:
            raise RuntimeError("there were more than 100,000 events on the way: advance by less")
        return moved

    async def advance_to_next(self, *, settle_timeout: Span = _SETTLE_S) -> Any:
        """Moves the clock to the next event: the AdvanceToNextResponse, whose ``steps`` is 0 where
        none comes."""
        request = clock.AdvanceToNextRequest(settle_timeout=duration(settle_timeout))
        return await self._clock("AdvanceToNext", request)

    def reset(self) -> None:
        """Empties the service, and forgets deliveries. The clock stays. `dueline_dev` does so
        before each test."""
        with grpc.insecure_channel(self.ready["address"]) as channel:
            ClockServiceStub(channel).Reset(clock.ResetRequest())
        self._deliveries.clear()

    @asynccontextmanager
    async def worker(
        self,
        client: Client,
        queues: str | Sequence[str],
        handler: Handler = lambda _: None,
        **options: Any,
    ) -> AsyncIterator[Worker]:
        """Runs a `Worker` while the block does, and notes what is delivered to it. It is connected
        when the block begins, and has finished what it began when the block has ended."""
        connected = asyncio.Event()

        class Connected(Listener):
            def connected(self, watcher_id: str) -> None:
                connected.set()

        async def note(job: Job) -> None:
            self._deliveries[job.queue, job.id].append(job)
            ended = handler(job)
            if inspect.isawaitable(ended):
                await ended

        worker = Worker(client, queues, note, listener=Connected(), **options)
        running = asyncio.ensure_future(worker.run())
        waiting = asyncio.ensure_future(connected.wait())
        await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        try:
            yield worker
        finally:
            await worker.stop()
            await running

    async def assert_scheduled(
        self, queue: str, id: str, *, due: datetime | None = None, in_: Span | str | None = None
    ) -> Any:
        """That a job waits: due at that time, or so long after it was scheduled. The job, as the
        contract has it."""
        job = await self._job(queue, id)
        if job is None or job.state != pb.JOB_STATE_PENDING:
            raise AssertionError(f"{queue}/{id} does not wait: {_state(job)}")
        is_due, created = moment(job.due_time), moment(job.create_time)
        if due is not None and not timedelta(0) <= is_due - due < _ROUNDED:
            raise AssertionError(f"{queue}/{id} is due at {is_due}, not at {due}")
        if in_ is not None and not timedelta(0) <= is_due - created - _span(in_) <= _ROUNDED:
            raise AssertionError(f"{queue}/{id} is due after {is_due - created}, not {_span(in_)}")
        return job

    async def assert_not_scheduled(self, queue: str, id: str) -> None:
        """That a job neither waits nor is with a worker: it is done, canceled, dead, or never
        was."""
        job = await self._job(queue, id)
        if job is not None and job.state != pb.JOB_STATE_DEAD:
            raise AssertionError(f"{queue}/{id}: {_state(job)}, due at {moment(job.due_time)}")

    def assert_delivered(self, queue: str, id: str, *, times: int = 1) -> list[Job]:
        """That `worker` got a job just so often, retries and runs included: the deliveries."""
        jobs = self._deliveries[queue, id]
        if len(jobs) != times:
            dues = ", ".join(str(job.due) for job in jobs)
            raise AssertionError(
                f"{queue}/{id} was delivered {len(jobs)}, not {times} times: {dues}"
            )
        return list(jobs)

    def stop(self) -> None:
        """Ends the service; nothing of it stays."""
        self._process.communicate()

    async def _job(self, queue: str, id: str) -> Any:
        async with self.connect() as client:
            return await client.get(queue, id)

    async def _clock(self, method: str, request: Any) -> Any:
        async with self.connect() as client:
            stub = ClockServiceStub(client.connection.next_target().channel)
            try:
                return await getattr(stub, method)(request)
            except grpc.aio.AioRpcError as failure:
                raise error_of(failure) from None


def _span(span: Span | str) -> timedelta:
    if isinstance(span, timedelta):
        return span
    if not isinstance(span, str):
        return timedelta(seconds=span)
    if not re.fullmatch(r"(\d+[dhms])+", span):
        raise ValueError(f"{span!r} is no span of time such as '3d' or '1h30m'")
    parts = re.findall(r"(\d+)([dhms])", span)
    return timedelta(seconds=sum(int(count) * _UNITS[unit] for count, unit in parts))


def _state(job: Any) -> str:
    return "there is no such job" if job is None else f"it is {name(pb.JobState, job.state)}"
