"""Jobs without a handler."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from .client import Client
from .job import Job
from .worker import Worker


@asynccontextmanager
async def taken(
    client: Client, queues: Sequence[str], options: dict[str, Any]
) -> AsyncIterator[AsyncIterator[Job]]:
    """The jobs of `Client.jobs`: a worker whose handler waits until the job is settled."""
    loop = asyncio.get_running_loop()
    waiting: asyncio.Queue[Job] = asyncio.Queue()

    async def hand_over(job: Job) -> None:
        job._verdict, job._outcome = loop.create_future(), loop.create_future()
        waiting.put_nowait(job)
        await job._verdict

    async def jobs() -> AsyncIterator[Job]:
        while True:
            next_job = loop.create_task(waiting.get())
            await asyncio.wait({next_job, running}, return_when=asyncio.FIRST_COMPLETED)
            if not next_job.done():
                next_job.cancel()
                running.result()
                return
            yield next_job.result()

    worker = Worker(client, queues, hand_over, **options)
    running = loop.create_task(worker.run())
    try:
        yield jobs()
    finally:
        await worker.stop("give_back")
        await asyncio.wait({running})
