"""The case that breaks replicas: all languages are in it at once, each with jobs of its own."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable

from case import LEASE_MS, Part, Stage, accounted, holds, same
from program import Program
from service import Replica, Service

WORK = {"do": "sleep", "ms": "50"}
JOBS = 2000


async def kill(replica: Replica) -> None:
    await replica.end(signal.SIGKILL)
    await replica.start_ready()


def stand_still(seconds: float) -> Callable[[Replica], Awaitable[None]]:
    async def stop(replica: Replica) -> None:
        replica.send(signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            replica.send(signal.SIGCONT)
        await replica.ready()

    return stop


async def terminate(replica: Replica) -> None:
    await replica.end(signal.SIGTERM)
    await replica.start_ready()


#: Each is a row: its title, what is done, and whether a job may be handled twice for it.
OUTAGES = [
    ("kill -9 of a replica", kill, False),
    ("SIGSTOP of a replica for 8 s", stand_still(8), False),
    ("SIGSTOP of a replica for 20 s", stand_still(20), False),
    ("SIGTERM of a replica: no job is handled twice", terminate, True),
]
TOTAL = f"{JOBS:,} jobs accounted for exactly through all of these"
TITLES = [*(title for title, _, _ in OUTAGES), TOTAL]


class Load(Part):
    """The jobs of one language, and the workers that handle them."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.programs: list[Program] = []
        self.ids: list[str] = []

    async def open(self) -> None:
        await self.stage.open()
        for _ in range(2):
            program = await self.stage.program(attempt_timeout_ms=4_000)
            self.programs.append(program)
            await self.stage.worker(program)

    async def through(self, title: str, number: int, once: bool) -> None:
        """Jobs that fall due, and are scheduled, while a replica is away."""
        count = JOBS // len(OUTAGES)
        prefix = f"outage-{number}"
        ids = [f"{prefix}-{i}" for i in range(count)]
        await self.stage.schedule_many(
            self.programs[number % 2],
            count,
            prefix=prefix,
            spread_ms=7000,
            concurrency=20,
            attributes=WORK,
        )
        self.ids += ids
        await self.stage.finished(self.programs, ids)
        accounted(self.programs, ids, once=once)

    async def account(self) -> None:
        """All jobs of all outages, once no lease can be left to run out."""
        await asyncio.sleep(LEASE_MS / 1000 + 3)
        holds(len(self.ids) >= JOBS, f"{len(self.ids)} jobs were stored")
        accounted(self.programs, self.ids, once=False)
        for program in self.programs:
            same(program.of("ended"), [], "workers that ended")
            await program.do("worker_stop", worker="w")
            ended = await program.event("ended")
            holds(ended["max_running"] <= 10, "more handlers at once than concurrency")


async def endure(service: Service, stages: list[Stage], rounds: int) -> list[Load]:
    """Breaks one replica after the other, beside the jobs of all languages."""
    loads = [Load(stage) for stage in stages]
    try:
        await asyncio.gather(*(load.guard(TOTAL, load.open()) for load in loads))
        for round_ in range(rounds):
            for i, (title, outage, once) in enumerate(OUTAGES):
                number = round_ * len(OUTAGES) + i
                replica = service.replicas[number % len(service.replicas)]
                working = [
                    asyncio.create_task(load.guard(title, load.through(title, number, once)))
                    for load in loads
                ]
                await asyncio.sleep(1.5)
                await outage(replica)
                await asyncio.gather(*working)
        await asyncio.gather(*(load.guard(TOTAL, load.account()) for load in loads))
    finally:
        for load in loads:
            await load.stage.close()
    return loads
