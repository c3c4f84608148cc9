"""Connections to the replicas, and calls that are repeated where that is safe."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import grpc

from .errors import DuelineError, error_of
from .v1.queue_pb2_grpc import QueueServiceStub
from .v1.scheduler_pb2_grpc import SchedulerServiceStub

T = TypeVar("T")

_FOR_CALLS: dict[str, Any] = {"round_robin": {}}
# One connection, which is not made again by itself when it breaks.
_FOR_STREAM: dict[str, Any] = {"pick_first": {"shuffleAddressList": True}}
_OPTIONS: list[tuple[str, Any]] = [
    # Repeats are made here, where the next replica can be asked and request_id is known.
    ("grpc.enable_retries", 0),
    # Each target has a connection of its own.
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.http2.max_pings_without_data", 0),
    # By default a name whose addresses have all changed is looked up after up to 30 s only.
    ("grpc.dns_min_time_between_resolutions_ms", 1_000),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.min_reconnect_backoff_ms", 3_000),
    ("grpc.max_reconnect_backoff_ms", 2_000),
    # Messages have up to 4 MiB, and what holds them.
    ("grpc.max_receive_message_length", 5 << 20),
    ("grpc.max_send_message_length", 5 << 20),
]
_REST_S = 5.0
# Longer than any call but streams may take at an old connection.
_OLD_CHANNEL_S = 60.0


def full_jitter(attempt: int, initial: float, most: float) -> float:
    """Seconds to wait before attempt + 1, where attempt counts from 0: anything up to the bound."""
    return random.uniform(0, min(most, initial * 2 ** min(attempt, 30)))


class Target:
    """One address: its channel and its stubs."""

    def __init__(self, address: str, credentials: grpc.ChannelCredentials | None) -> None:
        self.address = address
        self._credentials = credentials
        #: By the monotonic clock: until then others are asked first, for it failed lately.
        self.rests_until = 0.0
        self._connect()

    def dial(self) -> grpc.aio.Channel:
        """A channel for one stream, which the caller closes."""
        return self._dial(_FOR_STREAM)

    def _dial(self, balancing: dict[str, Any]) -> grpc.aio.Channel:
        config = json.dumps({"loadBalancingConfig": [balancing]})
        options = [*_OPTIONS, ("grpc.service_config", config)]
        if self._credentials is None:
            return grpc.aio.insecure_channel(self.address, options=options)
        return grpc.aio.secure_channel(self.address, self._credentials, options=options)

    def _connect(self) -> None:
        self._connected_at = time.monotonic()
        self.channel = self._dial(_FOR_CALLS)
        self.scheduler = SchedulerServiceStub(self.channel)
        self.queues = QueueServiceStub(self.channel)

    def failed(self, is_silent: bool) -> grpc.aio.Channel | None:
        """Lets others be asked before this one for a while. Where it was silent, its connection
        may be dead without anybody having been told: new calls get another one, and the old
        channel is returned."""
        now = time.monotonic()
        self.rests_until = now + _REST_S
        if not is_silent or now - self._connected_at < _REST_S:
            return None
        old = self.channel
        self._connect()
        return old


class Connection:
    """The targets of a client. Belongs to the event loop that it was made in."""

    def __init__(
        self,
        targets: Sequence[str],
        credentials: grpc.ChannelCredentials | None,
        token: str | None,
        timeouts: tuple[float, float],
    ) -> None:
        """``timeouts``: seconds for a call in all, and for each attempt."""
        self.metadata = (("authorization", f"Bearer {token}"),) if token else ()
        self.call_timeout, self.attempt_timeout = timeouts
        self._targets = [Target(address, credentials) for address in targets]
        #: No calls or streams can be begun any more.
        self.is_closed = False
        self._closing: set[asyncio.Task[None]] = set()
        self._turn = random.randrange(len(self._targets))

    def next_target(self) -> Target:
        """Each in turn, but one that failed lately only where all did."""
        self._turn += 1
        now = time.monotonic()
        count = len(self._targets)
        turns = [self._targets[(self._turn + i) % count] for i in range(count)]
        target = next((t for t in turns if t.rests_until <= now), turns[0])
        self._turn = self._targets.index(target)
        return target

    def failed(self, target: Target, *, is_silent: bool) -> None:
        """What a call found out of a target; see `Target.failed`."""
        old = target.failed(is_silent)
        if old:
            closing = asyncio.get_running_loop().create_task(_close_later(old))
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)

    async def call(
        self,
        method: str,
        request: Any,
        *,
        repeatable: bool,
        timeout: float | None = None,
        attempt_timeout: float | None = None,
        on_retry: Callable[[str, DuelineError], None] | None = None,
    ) -> Any:
        """Calls a method of SchedulerService.

        Attempts that end UNAVAILABLE are repeated; those that end by their own deadline only
        where the request is repeatable. Raises DuelineError.
        """
        deadline = time.monotonic() + (self.call_timeout if timeout is None else timeout)
        most = min(self.attempt_timeout, attempt_timeout or self.attempt_timeout)
        attempt = 0
        while True:
            if self.is_closed:
                raise closed()
            target = self.next_target()
            attempt_s = max(0.001, min(most, deadline - time.monotonic()))
            try:
                call = getattr(target.scheduler, method)
                return await call(request, timeout=attempt_s, metadata=self.metadata)
            except grpc.aio.AioRpcError as failure:
                error = error_of(failure)
            except (asyncio.CancelledError, grpc.aio.UsageError):
                # Calls that are under way end so when their channel is closed.
                if self.is_closed:
                    raise closed() from None
                raise
            late = error.code is grpc.StatusCode.DEADLINE_EXCEEDED
            if late or error.code is grpc.StatusCode.UNAVAILABLE:
                self.failed(target, is_silent=late and attempt_s >= most)
            if not (error.code is grpc.StatusCode.UNAVAILABLE or (late and repeatable)):
                raise error
            pause = max(full_jitter(attempt, 0.1, 2.0), error.retry_after)
            if time.monotonic() + pause >= deadline:
                raise error
            if on_retry:
                on_retry(method, error)
            await asyncio.sleep(pause)
            attempt += 1

    async def close(self) -> None:
        """Ends all connections, and the calls on them."""
        self.is_closed = True
        for closing in self._closing:
            closing.cancel()
        await asyncio.gather(*self._closing, return_exceptions=True)
        await asyncio.gather(*(target.channel.close() for target in self._targets))


def closed() -> DuelineError:
    """What is told to those who use a client that is closed."""
    return DuelineError(grpc.StatusCode.FAILED_PRECONDITION, "the client is closed")


async def _close_later(channel: grpc.aio.Channel) -> None:
    try:
        await asyncio.sleep(_OLD_CHANNEL_S)
    finally:
        await channel.close()


async def within(awaited: Awaitable[T], seconds: float) -> T | None:
    """What is awaited, or None where it does not come in time."""
    try:
        return await asyncio.wait_for(awaited, seconds)
    except asyncio.TimeoutError:
        return None
