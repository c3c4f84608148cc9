"""Jobs as handlers get them, and what handlers say of them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from .requests import Span, moment


class RetryIn(Exception):
    """Raised by a handler: try again after this long, whatever the retry policy says."""

    def __init__(self, delay: Span, reason: str = "") -> None:
        super().__init__(reason)
        self.delay = delay if isinstance(delay, timedelta) else timedelta(seconds=delay)
        self.reason = reason


class Dead(Exception):
    """Raised by a handler: do not try again, keep the job among the dead ones."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(eq=False)
class Job:
    """One delivery of a job."""

    queue: str
    id: str
    payload: bytes
    attributes: dict[str, str]
    #: 1 for the first delivery.
    attempt: int
    due: datetime
    #: When it was leased, by the same clock as ``due``: the difference is how late it is.
    dispatched: datetime
    lease_token: str = field(repr=False)

    _verdict: asyncio.Future[None] | None = field(default=None, repr=False)
    _outcome: asyncio.Future[str] | None = field(default=None, repr=False)

    async def ack(self) -> str:
        """Reports a job of `Client.jobs` as done; its outcome, as in `Listener.job_finished`."""
        return await self._settle(None)

    async def nack(self, reason: str = "", *, delay: Span | None = None, dead: bool = False) -> str:
        """Gives a job of `Client.jobs` back: by its retry policy, after a delay, or dead."""
        if dead:
            return await self._settle(Dead(reason))
        if delay is not None:
            return await self._settle(RetryIn(delay, reason))
        return await self._settle(Exception(reason))

    async def _settle(self, verdict: Exception | None) -> str:
        if self._verdict is None or self._outcome is None:
            raise RuntimeError("the handler's end settles this job")
        if not self._verdict.done():
            if verdict is None:
                self._verdict.set_result(None)
            else:
                self._verdict.set_exception(verdict)
        return await asyncio.shield(self._outcome)


def job_of(due_job: Any) -> Job:
    """The job of a ``DueJob``."""
    return Job(
        due_job.queue,
        due_job.job_id,
        due_job.payload,
        dict(due_job.attributes),
        due_job.attempt,
        moment(due_job.due_time),
        moment(due_job.dispatch_time),
        due_job.lease_token,
    )
