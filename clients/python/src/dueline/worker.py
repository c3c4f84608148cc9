"""A worker: runs a handler for each job that falls due."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Literal

from .client import Client
from .connection import full_jitter, within
from .errors import DuelineError
from .extending import Extender
from .job import job_of
from .listener import Listener, tell
from .requests import Span, duration
from .requests import name as name_of
from .running import Handler, Run, Slots
from .settling import Settler
from .stopping import stop_watch
from .stream import Stream
from .v1 import scheduler_pb2 as pb

_FIRST_BACKOFF_S = 0.05
_LONGEST_BACKOFF_S = 5.0
_GIVING_BACK_S = 5.0
# For StopWatch, before jobs are given back that the watch could get again.
_STOPPING_S = 2.0
# For a slot, where a handler hangs: then the job goes to others.
_SLOT_S = 1.0

_log = logging.getLogger("dueline")


class Worker:
    """Runs a handler for each due job of its queues, up to ``concurrency`` at once.

    The handler's end decides: a return acknowledges the job, `RetryIn` and `Dead` say what they
    say, any other error is a failed attempt, with its text as the reason. A handler is cancelled
    when its lease is lost, or after ``max_run_time`` (10 leases): then that is a failed attempt.
    One that blocks the event loop stops all: make such a one by `in_thread`.

    The worker is connected anew whenever that is needed; handlers go on meanwhile.
    """

    def __init__(
        self,
        client: Client,
        queues: str | Sequence[str],
        handler: Handler,
        *,
        concurrency: int = 10,
        lease: Span = 30.0,
        max_run_time: Span | None = None,
        heartbeat: Span | None = None,
        name: str = "",
        listener: Listener | None = None,
    ) -> None:
        """``heartbeat``: a sixth of the lease, 1 s to 10 s, so that a stream is left, and its
        leases are extended, well before they are over."""
        self._connection = client.connection
        self._handler = handler
        self._concurrency = concurrency
        self._lease = _seconds(lease)
        max_run = 10 * self._lease if max_run_time is None else _seconds(max_run_time)
        self._times = (_SLOT_S, max_run)
        beat = min(max(self._lease / 6, 1.0), 10.0) if heartbeat is None else _seconds(heartbeat)
        self._listener = listener or Listener()
        self._request = pb.WatchDueRequest(
            queues=[queues] if isinstance(queues, str) else queues,
            watcher_id=name,
            lease_duration=duration(lease),
            heartbeat_interval=duration(beat),
            auto_extend=True,
        )
        self._slots = Slots(concurrency)
        self._settler = Settler(self._connection, self._lease, self._listener)
        self._streams: set[Stream] = set()
        self._runs: dict[str, Run] = {}
        quiet = min(1.5 * beat, self._lease / 2)
        self._extender = Extender(self._connection, self._runs, self._lease, quiet)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._failures = 0
        self._opens_at = 0.0
        self._failure: DuelineError | None = None
        self._is_running = False
        self._is_stopping = False
        self._is_over = False
        self._gives_back = False
        self._changed = asyncio.Event()
        self._ended = asyncio.Event()

    async def run(self) -> None:
        """Works until `stop`, or until it is refused for good: then that DuelineError is raised.
        Where the service cannot be reached it waits. Cancelling it gives all jobs back. Once."""
        if self._is_running or self._is_stopping:
            raise RuntimeError("a worker runs once")
        self._is_running = True
        extending = asyncio.get_running_loop().create_task(self._extender.run())
        supervising = asyncio.get_running_loop().create_task(self._supervise())
        try:
            await asyncio.shield(supervising)
        except asyncio.CancelledError:
            await self.stop("give_back")
            raise
        finally:
            extending.cancel()
            supervising.cancel()
            for stream in self._streams:
                stream.close()
        if self._failure:
            raise self._failure

    async def stop(
        self, mode: Literal["wait", "give_back"] = "wait", *, timeout: float = 30.0
    ) -> None:
        """Ends the worker, and returns when all is settled.

        ``wait`` lets handlers finish, for up to ``timeout`` seconds, and then does as
        ``give_back``: handlers are cancelled, and their jobs go back to the queue uncounted.
        """
        self._is_stopping = True
        if not self._is_running:
            return
        stops = {self._spawn(stop_watch(self._connection, s, timeout)) for s in self._streams}
        self._changed.set()
        if mode == "wait" and await within(self._ended.wait(), timeout):
            return
        await self._give_back(stops)
        if not await within(self._ended.wait(), _GIVING_BACK_S):
            for stream in self._streams:
                stream.close()
            if not await within(self._ended.wait(), _GIVING_BACK_S):
                self._abandon()
                await self._ended.wait()

    async def _supervise(self) -> None:
        try:
            await self._keep_streams()
        finally:
            self._ended.set()

    async def _keep_streams(self) -> None:
        while not (self._is_stopping and not self._streams and not self._runs):
            if self._is_over:
                return
            self._changed.clear()
            self._shrink()
            now = time.monotonic()
            if not self._is_stopping and self._wants_stream():
                if now >= self._opens_at:
                    self._open()
                else:
                    await within(self._changed.wait(), self._opens_at - now)
                    continue
            await self._changed.wait()

    def _wants_stream(self) -> bool:
        """Handlers of streams that ended count against the credit of the next one; what they
        leave is asked for once it is worth a stream of its own."""
        credit, carried = self._free()
        is_first = not any(stream.is_open for stream in self._streams)
        return credit > 0 and (is_first or carried == 0 or 2 * credit >= self._concurrency)

    def _free(self) -> tuple[int, int]:
        promised = sum(stream.credit for stream in self._streams if stream.is_open)
        if promised >= self._concurrency:
            return 0, 0
        carried = self._slots.hung + sum(
            not run.stream.is_open and not run.is_hung for run in self._runs.values()
        )
        return self._concurrency - promised - carried, carried

    def _shrink(self) -> None:
        """Stops a stream where handlers that hang leave less room than was promised: a smaller
        one comes after it."""
        streams = [stream for stream in self._streams if stream.is_open]
        promised = sum(stream.credit for stream in streams)
        is_too_much = promised + self._slots.hung > self._concurrency
        if streams and is_too_much and not self._is_stopping:
            smallest = min(streams, key=lambda stream: stream.credit)
            smallest.is_open = False
            self._spawn(stop_watch(self._connection, smallest, self._times[1]))

    def _open(self) -> None:
        request = pb.WatchDueRequest()
        request.CopyFrom(self._request)
        request.max_outstanding_jobs = self._free()[0]
        stream = Stream(self._connection, request, self)
        self._streams.add(stream)
        stream.open(self._stream_ended)
        self._changed.set()

    def began(self, stream: Stream, watcher_id: str) -> None:
        """A stream has begun."""
        tell(self._listener.connected, watcher_id)

    def brought(self, stream: Stream, jobs: Any) -> None:
        """Jobs have come."""
        for each in jobs:
            run = Run(job_of(each), stream, self._listener)
            self._runs[run.job.lease_token] = run
            if self._gives_back:
                run.give_back()
            self._spawn(self._carry_out(run))

    def lost(self, leases: Any) -> None:
        """Leases are over."""
        for lease in leases:
            run = self._runs.get(lease.lease_token)
            if run:
                run.lose(name_of(pb.LostReason, lease.reason))

    def drains(self, stream: Stream) -> None:
        """A stream gets no more jobs, so another is opened beside it."""
        self._back_off(stream, 0.0)

    def _stream_ended(self, stream: Stream, error: DuelineError | None, lasted: float) -> None:
        self._streams.discard(stream)
        tell(self._listener.disconnected, error)
        for run in self._runs.values():
            if run.stream is stream:
                run.lease_end = max(run.lease_end, stream.heard + self._lease)
        self._extender.stream_ended()
        if error and error.is_final and not self._is_stopping:
            self._failure = error
            self._spawn(self.stop(timeout=self._times[1]))
        self._back_off(stream, lasted)

    def _back_off(self, stream: Stream, lasted: float) -> None:
        if stream.has_brought_jobs or lasted > _LONGEST_BACKOFF_S:
            self._failures = 0
        pause = full_jitter(self._failures, _FIRST_BACKOFF_S, _LONGEST_BACKOFF_S)
        self._opens_at = time.monotonic() + pause
        self._failures += 1
        self._changed.set()

    async def _carry_out(self, run: Run) -> None:
        outcome = "unsettled"
        try:
            outcome = await run.carry_out(
                self._handler, self._slots, self._settler, self._times, self._changed.set
            )
        except Exception:
            _log.exception("job %s could not be settled", run.job.id)
        finally:
            self._runs.pop(run.job.lease_token, None)
            if run.job._outcome and not run.job._outcome.done():
                run.job._outcome.set_result(outcome)
            if outcome == "unsettled" and not run.stream.has_ended:
                # Else the server would extend the lease for as long as the stream lives.
                run.stream.close()
            self._changed.set()

    async def _give_back(self, stops: set[asyncio.Task[Any]]) -> None:
        """Cancels all handlers, and gives their jobs back once the watches have been stopped:
        before, they would come again."""
        self._gives_back = True
        self._settler.may_give_back.clear()
        try:
            for run in self._runs.values():
                run.give_back()
            if stops:
                await asyncio.wait(stops, timeout=_STOPPING_S)
        finally:
            self._settler.may_give_back.set()

    def _abandon(self) -> None:
        """Ends what does not end: leases of jobs that are not settled run out."""
        self._is_over = True
        self._changed.set()
        for task in self._tasks - {asyncio.current_task()}:
            task.cancel()

    def _spawn(self, work: Any) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _seconds(span: Span) -> float:
    return span.total_seconds() if isinstance(span, timedelta) else float(span)
