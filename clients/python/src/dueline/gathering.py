"""Calls that are gathered into batches."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, TypeVar

I = TypeVar("I")  # noqa: E741
R = TypeVar("R")


class Gatherer(Generic[I, R]):
    """Puts items that come within a moment, or while calls are under way, into one call.

    ``send`` gets the items of a batch, and answers with as many results in their order; an
    exception among them is that item's alone, one that it raises is of all.
    """

    def __init__(
        self,
        send: Callable[[list[I]], Awaitable[Sequence[R | Exception]]],
        *,
        size_of: Callable[[I], int],
        max_items: int,
        max_bytes: int,
        linger: float = 0.0,
        max_calls: int = 4,
        max_waiting: int = 100_000,
    ) -> None:
        self._send = send
        self._size_of = size_of
        self._bounds = (max_items, max_bytes)
        self._linger = linger
        self._max_calls = max_calls
        self._room = asyncio.Semaphore(max_waiting)
        self._waiting: deque[tuple[I, asyncio.Future[R]]] = deque()
        self._calls: set[asyncio.Task[None]] = set()
        self._timer: asyncio.Handle | None = None

    async def put(self, item: I) -> R:
        """The result of the item; waits where too many wait."""
        async with self._room:
            loop = asyncio.get_running_loop()
            result: asyncio.Future[R] = loop.create_future()
            self._waiting.append((item, result))
            if len(self._waiting) >= self._bounds[0]:
                self._begin_calls()
            elif self._timer is None:
                self._timer = loop.call_later(self._linger, self._begin_calls)
            return await result

    async def flush(self) -> None:
        """Sends what waits, and waits until all is answered."""
        while self._waiting or self._calls:
            self._begin_calls()
            await asyncio.wait(set(self._calls))

    def _begin_calls(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        while self._waiting and len(self._calls) < self._max_calls:
            call = asyncio.get_running_loop().create_task(self._call(self._take()))
            self._calls.add(call)
            call.add_done_callback(self._ended)

    def _ended(self, call: asyncio.Task[None]) -> None:
        self._calls.discard(call)
        self._begin_calls()

    def _take(self) -> list[tuple[I, asyncio.Future[R]]]:
        max_items, room = self._bounds
        batch: list[tuple[I, asyncio.Future[R]]] = []
        while self._waiting and len(batch) < max_items:
            size = self._size_of(self._waiting[0][0])
            if batch and size > room:
                break
            room -= size
            batch.append(self._waiting.popleft())
        return batch

    async def _call(self, batch: list[tuple[I, asyncio.Future[R]]]) -> None:
        results: Sequence[Any]
        try:
            results = await self._send([item for item, _ in batch])
        except Exception as error:
            results = [error] * len(batch)
        except BaseException:
            for _, future in batch:
                future.cancel()
            raise
        for (_, future), result in zip(batch, results):
            if future.done():
                continue
            if isinstance(result, Exception):
                future.set_exception(result)
            else:
                future.set_result(result)
