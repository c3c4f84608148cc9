"""What workers tell while they run."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from .errors import DuelineError
from .job import Job

_log = logging.getLogger("dueline")


class Listener:
    """Gets what happens, for logs and metrics: override what is of use. Called in the event loop,
    so a method must not block. What it raises is logged, and goes no further."""

    def connected(self, watcher_id: str) -> None:
        """A stream of jobs has begun."""

    def disconnected(self, error: DuelineError | None) -> None:
        """A stream of jobs has ended, or none could be begun."""

    def job_started(self, job: Job) -> None:
        """The handler of a job begins."""

    def job_finished(self, job: Job, outcome: str, seconds: float) -> None:
        """What a job came to: ``acked``, ``nacked``, ``dead``, ``given_back`` (uncounted, at a
        stop), ``lost`` (the lease was over before, or a repeat of the call could not know that
        the first was carried out), ``unsettled`` (the server could not be told: the job comes
        again when its lease is over)."""

    def lease_lost(self, job: Job, reason: str) -> None:
        """The job is no longer this worker's, and its handler is cancelled."""

    def call_retried(self, method: str, error: DuelineError) -> None:
        """A call is made again."""


def tell(hook: Callable[..., None], *arguments: Any) -> None:
    """Calls a method of a listener."""
    try:
        hook(*arguments)
    except Exception:
        _log.exception("a listener failed")
