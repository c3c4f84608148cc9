"""Telling the server what became of jobs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import grpc

from .connection import Connection
from .errors import DuelineError
from .gathering import Gatherer
from .job import Dead, RetryIn
from .listener import Listener, tell
from .requests import duration
from .v1 import scheduler_pb2 as pb

_MAX_REASON_BYTES = 1024
# Leases are extended until their jobs are settled.
_LEAST_PATIENCE_S = 30.0


@dataclass(frozen=True)
class Verdict:
    """What is to become of a job."""

    #: The outcome, as in `Listener.job_finished`, where the server agrees.
    outcome: str
    reason: str = ""
    delay: timedelta | None = None


ACK = Verdict("acked")
#: For others at once: what was not done waits for no retry policy.
GIVE_BACK = Verdict("given_back", delay=timedelta(0))


def verdict_of(error: BaseException | None) -> Verdict:
    """What the end of a handler says."""
    if error is None:
        return ACK
    if isinstance(error, RetryIn):
        return Verdict("nacked", _cut(error.reason), max(error.delay, timedelta(0)))
    if isinstance(error, Dead):
        return Verdict("dead", _cut(error.reason))
    return Verdict("nacked", _cut(str(error) or type(error).__name__))


class Settler:
    """Sends acks and nacks in batches, until the server has answered, for a lease or 30 s."""

    def __init__(self, connection: Connection, lease: float, listener: Listener) -> None:
        self._connection = connection
        self._lease = lease
        self._listener = listener
        #: Cleared while a stream would get again at once what is given back.
        self.may_give_back = asyncio.Event()
        self.may_give_back.set()
        self._calls: Gatherer[tuple[str, Verdict], str] = Gatherer(
            self._send, size_of=lambda item: len(item[0]), max_items=1000, max_bytes=2 << 20
        )

    async def settle(self, lease_token: str, verdict: Verdict) -> str:
        """The outcome, as in `Listener.job_finished`."""
        if verdict is GIVE_BACK:
            await self.may_give_back.wait()
        return await self._calls.put((lease_token, verdict))

    async def _send(self, items: list[tuple[str, Verdict]]) -> list[str | Exception]:
        tokens: dict[Verdict, list[str]] = {}
        for token, verdict in items:
            tokens.setdefault(verdict, []).append(token)
        answers = await asyncio.gather(*(self._tell(v, t) for v, t in tokens.items()))
        outcomes = {token: outcome for answer in answers for token, outcome in answer.items()}
        return [outcomes[token] for token, _ in items]

    async def _tell(self, verdict: Verdict, tokens: list[str]) -> dict[str, str]:
        method, request = _request(verdict, tokens)
        try:
            response = await self._connection.call(
                method,
                request,
                repeatable=True,
                timeout=max(self._lease, _LEAST_PATIENCE_S),
                on_retry=lambda *what: tell(self._listener.call_retried, *what),
            )
        except DuelineError as error:
            if error.code is grpc.StatusCode.INVALID_ARGUMENT and verdict.delay:
                # Longer than the server allows: by the retry policy, then.
                return await self._tell(replace(verdict, delay=None), tokens)
            return dict.fromkeys(tokens, "unsettled")
        return {
            token: verdict.outcome if outcome == pb.LEASE_OUTCOME_OK else "lost"
            for token, outcome in zip(tokens, response.outcomes)
        }


def _request(verdict: Verdict, tokens: list[str]) -> tuple[str, Any]:
    if verdict == ACK:
        return "Ack", pb.AckRequest(lease_tokens=tokens)
    request = pb.NackRequest(
        lease_tokens=tokens,
        reason=verdict.reason,
        dead=verdict.outcome == "dead",
        uncounted=verdict == GIVE_BACK,
    )
    if verdict.delay is not None:
        request.delay.CopyFrom(duration(verdict.delay))
    return "Nack", request


def _cut(text: str) -> str:
    return text.encode(errors="replace")[:_MAX_REASON_BYTES].decode(errors="ignore")
