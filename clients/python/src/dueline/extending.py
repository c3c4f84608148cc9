"""Leases that the server does not extend."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

from .connection import Connection, within
from .errors import DuelineError
from .requests import duration
from .running import Run
from .v1 import scheduler_pb2 as pb


class Extender:
    """Extends leases whose streams have ended, or are silent, each third of a lease."""

    def __init__(
        self, connection: Connection, runs: Mapping[str, Run], lease: float, quiet: float
    ) -> None:
        """``lease``: seconds; ``quiet``: those after which a stream is silent."""
        self._connection = connection
        self._runs = runs
        self._lease = lease
        self._quiet = quiet
        self._news = asyncio.Event()

    def stream_ended(self) -> None:
        """There are leases to be extended at once."""
        self._news.set()

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            self._news.clear()
            now = time.monotonic()
            runs = [run for run in self._runs.values() if run.needs_lease and self._is_alone(run)]
            due = [run for run in runs if run.extend_at <= now]
            for i in range(0, len(due), 1000):
                await self._extend(due[i : i + 1000])
            for run in runs:
                if run.stream.has_ended and run.lease_end <= time.monotonic():
                    run.lose("EXPIRED")
            await within(self._news.wait(), self._lease / 12)

    def _is_alone(self, run: Run) -> bool:
        return run.stream.has_ended or time.monotonic() - run.stream.heard > self._quiet

    async def _extend(self, runs: list[Run]) -> None:
        request = pb.ExtendLeaseRequest(lease_tokens=[run.job.lease_token for run in runs])
        request.lease_duration.CopyFrom(duration(self._lease))
        began = time.monotonic()
        try:
            response = await self._connection.call(
                "ExtendLease",
                request,
                repeatable=True,
                timeout=self._lease / 2,
                # So that a third replica is asked in time where two connections are dead.
                attempt_timeout=self._lease / 8,
            )
        except DuelineError:
            return
        for run, outcome in zip(runs, response.outcomes):
            if outcome == pb.LEASE_OUTCOME_OK:
                run.lease_end = began + self._lease
                run.extend_at = began + self._lease / 3
            else:
                run.lose("OVER")
