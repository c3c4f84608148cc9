"""Handlers that block."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from .job import Job

# Threads are made as they are needed: as many as handlers run at once.
_MOST_THREADS = 10_000


def in_thread(function: Callable[[Job], object]) -> Callable[[Job], Awaitable[None]]:
    """A handler of a function that blocks: it runs in a thread. A thread cannot be cancelled, so
    it holds its slot of the worker until it ends."""
    threads = ThreadPoolExecutor(_MOST_THREADS, thread_name_prefix="dueline")

    async def handle(job: Job) -> None:
        context = copy_context()
        work = asyncio.get_running_loop().run_in_executor(threads, context.run, function, job)
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            await asyncio.wait({work})
            # What was done is done.
            work.result()

    return handle
