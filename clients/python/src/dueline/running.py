"""One job in its handler."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any

from .job import Job
from .listener import Listener, tell
from .settling import GIVE_BACK, Settler, Verdict, verdict_of
from .stream import Stream
from .tracing import span_of

#: A coroutine function; a plain one that returns None holds up the event loop while it runs.
Handler = Callable[[Job], Awaitable[object] | None]

_GRACE_S = 1.0
_LOST = Verdict("lost")


class Slots:
    """As many handlers as may run at once. One that ignores its cancellation keeps its slot."""

    def __init__(self, count: int) -> None:
        self._room = asyncio.Semaphore(count)
        #: Handlers that run on although their jobs are settled.
        self.hung = 0

    async def take(self, seconds: float, unless: asyncio.Future[Verdict]) -> bool:
        """Waits for a slot; whether one came in time, and before the other thing."""
        if self._room.locked():
            taken = asyncio.get_running_loop().create_task(self._room.acquire())
            await _first_of(taken, unless, seconds)
            if not taken.done():
                taken.cancel()
            return taken.done()
        return await self._room.acquire()

    def free_after(self, work: asyncio.Task[None], changed: Callable[[], None]) -> None:
        """Frees the slot when the handler has ended."""

        def ended(_: asyncio.Task[None]) -> None:
            self._room.release()
            changed()

        work.add_done_callback(ended)

    def count_hung(self, work: asyncio.Task[None]) -> None:
        """Counts a handler that goes on as hung until it ends."""
        self.hung += 1

        def ended(_: asyncio.Task[None]) -> None:
            self.hung -= 1
            _error_of(work)

        work.add_done_callback(ended)


class Run:
    """A job from its delivery until it is settled."""

    def __init__(self, job: Job, stream: Stream, listener: Listener) -> None:
        self.job = job
        self.stream = stream
        self._listener = listener
        #: By the monotonic clock: where the stream has ended, the lease is over then.
        self.lease_end = 0.0
        #: By the monotonic clock: where the stream does not, it is extended then.
        self.extend_at = 0.0
        #: Whether the handler goes on although it was cancelled.
        self.is_hung = False
        #: Whether the lease is of use still: until the job is settled.
        self.needs_lease = True
        self._is_settling = False
        self._has_begun = False
        self._interrupted: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()

    def lose(self, reason: str) -> None:
        """The lease is over: the handler is cancelled, and its result is not sent."""
        if not self._is_settling and not self._interrupted.done():
            self._interrupted.set_result(_LOST)
            tell(self._listener.lease_lost, self.job, reason)

    def give_back(self) -> None:
        """Cancels the handler, and gives the job back uncounted."""
        if not self._is_settling and not self._interrupted.done():
            self._interrupted.set_result(GIVE_BACK)

    async def carry_out(
        self,
        handler: Handler,
        slots: Slots,
        settler: Settler,
        times: tuple[float, float],
        changed: Callable[[], None],
    ) -> str:
        """Runs the handler and settles the job. ``times``: seconds that the job waits for a slot,
        and that the handler may run. The outcome, as in `Listener.job_finished`."""
        began = time.monotonic()
        wait, max_run = times
        if self._interrupted.done() or not await slots.take(wait, self._interrupted):
            verdict = self._interrupted.result() if self._interrupted.done() else GIVE_BACK
        else:
            began = time.monotonic()
            work: asyncio.Task[None] = asyncio.get_running_loop().create_task(self._work(handler))
            slots.free_after(work, changed)
            verdict = await self._verdict(work, slots, max_run)
        seconds = time.monotonic() - began
        self._is_settling = True
        outcome = verdict.outcome
        if verdict is not _LOST:
            outcome = await settler.settle(self.job.lease_token, verdict)
        self.needs_lease = False
        if self._has_begun:
            tell(self._listener.job_finished, self.job, outcome, seconds)
        return outcome

    async def _work(self, handler: Handler) -> None:
        self._has_begun = True
        tell(self._listener.job_started, self.job)
        with span_of(self.job):
            ended = handler(self.job)
            if inspect.isawaitable(ended):
                await ended

    async def _verdict(self, work: asyncio.Task[None], slots: Slots, max_run: float) -> Verdict:
        await _first_of(work, self._interrupted, max_run)
        stopped = None
        if not work.done():
            late = Verdict("nacked", f"ran longer than {max_run:g} s")
            stopped = self._interrupted.result() if self._interrupted.done() else late
            work.cancel()
            await asyncio.wait({work}, timeout=_GRACE_S)
            if not work.done():
                self.is_hung = True
                slots.count_hung(work)
        error = _error_of(work)
        if stopped is _LOST or (stopped is not None and error is not None):
            return stopped
        return verdict_of(error)


async def _first_of(work: asyncio.Task[Any], other: asyncio.Future[Verdict], most: float) -> None:
    waited: set[asyncio.Future[Any]] = {work, other}
    await asyncio.wait(waited, timeout=most, return_when=asyncio.FIRST_COMPLETED)


def _error_of(work: asyncio.Task[None]) -> BaseException | None:
    """What a handler ended with; one that goes on, or was cancelled, has not returned."""
    if not work.done() or work.cancelled():
        return asyncio.CancelledError("the handler was cancelled")
    return work.exception()
