"""The case in which all replicas are replaced, one after another, each by one at an address of its
own: all languages are in it at once, each with jobs of its own, by one name for all replicas."""

from __future__ import annotations

import asyncio
import itertools
import random
import signal
import time

from case import Part, Stage, accounted, holds, same
from names import Names
from program import Failed, Program, Refused
from service import REPLICAS, Replica, Service, free_port

TITLE = "a rolling update: every address changes"

A_SECOND = 40
LATEST_S = 2.0

# Twice the least time between two look-ups that clients are set to (docs/clients/connections.md),
# as 30 s in the chart are for those that have the default.
_MIN_READY_S = 2.0
# For replicas that have just started, whose first seconds are slow.
_STEADY_S = 60.0
# After the update.
_QUIET_S = 2.0
_LONGEST_DELAY_MS = 1_500
# A second's jobs: acks that take long on a busy machine hold none up.
_ROOM = A_SECOND
_WORK = {"do": "sleep", "ms": "50"}
# The libraries' own.
_TIMES = {"call_timeout_ms": 10_000, "attempt_timeout_ms": 3_000}


class Deployment:
    """Replicas at addresses that none had before, with one port and one name."""

    def __init__(self, service: Service, names: Names) -> None:
        self._service = service
        self._names = names
        self._numbers = itertools.count(1)
        self._replicas: list[Replica] = []
        self.port = free_port()

    async def start(self) -> None:
        coming = [self._next() for _ in range(REPLICAS)]
        self._replicas += coming
        await asyncio.gather(*(replica.start_ready() for replica in coming))
        self._tell()

    async def roll(self) -> None:
        """Replaces each in turn, as Kubernetes does: the next one is ready, and has been for a
        while, before one goes, which leaves the name and is then told to."""
        for _ in range(REPLICAS):
            coming = self._next()
            self._replicas.append(coming)
            await coming.start_ready()
            self._tell()
            await asyncio.sleep(_MIN_READY_S)
            leaving = self._replicas.pop(0)
            self._tell()
            await leaving.end(signal.SIGTERM)

    async def end(self) -> None:
        await asyncio.gather(*(replica.end() for replica in self._replicas))

    def _next(self) -> Replica:
        return self._service.replica(f"127.1.0.{next(self._numbers)}", self.port)

    def _tell(self) -> None:
        self._names.tell([replica.host for replica in self._replicas])


class Traffic(Part):
    """The jobs of one language, which one program schedules and handles."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        #: When each job was due, by the clock of the service.
        self._due_ms: dict[str, int] = {}
        self._refused: list[str] = []
        self._slowest_s = 0.0
        self._program: Program | None = None
        #: Why it has no answer, or none that could be understood.
        self._broken: Failed | None = None
        #: By the monotonic clock: jobs that are due from then on must not be late.
        self.judged_from = 0.0
        self.is_over = False

    @property
    def is_steady(self) -> bool:
        """Whether the jobs of the last second came in time."""
        last = self._lateness()[-A_SECOND:]
        return len(last) == A_SECOND and max(last)[0] < LATEST_S / 4

    async def flow(self, names: Names, port: int) -> None:
        """Schedules and handles jobs until it is over, and judges."""
        stage = self.stage
        stage.environment = {"HOSTS": str(names.hosts_file)}
        await stage.open()
        target = names.target(port, with_server=not stage.language.has_hosts_file)
        program = self._program = await stage.program(targets=[target], **_TIMES)
        await program.do("worker_start", worker="w", queues=[stage.queue], concurrency=_ROOM)
        await program.event("connected", worker="w")
        await self._schedule()
        try:
            await stage.finished([program], list(self._due_ms), within=60)
        finally:
            lateness = self._lateness(self.judged_from)
            self._report(lateness)
        self._judge(lateness)
        same(program.of("ended"), [], "workers that ended")
        await program.do("worker_stop", worker="w")

    async def _schedule(self) -> None:
        began = time.monotonic()
        calls: list[asyncio.Task[None]] = []
        try:
            while not (self.is_over or self._broken):
                wanted = int((time.monotonic() - began) * A_SECOND)
                new = range(len(calls), wanted)
                calls += [asyncio.create_task(self._one(f"r-{i}")) for i in new]
                await asyncio.sleep(0.5 / A_SECOND)
            if not self._broken:
                await asyncio.gather(*calls)
            if self._broken:
                raise self._broken
        finally:
            for call in calls:
                call.cancel()

    async def _one(self, job_id: str) -> None:
        began = time.monotonic()
        delay = random.randrange(_LONGEST_DELAY_MS)
        try:
            reply = await self.stage.schedule(
                self._program, job_id, delay_ms=delay, attributes=_WORK
            )
            self._due_ms[job_id] = reply["due_ms"]
        except Refused as refused:
            self._refused.append(f"{job_id}, {refused}")
        except Failed as failed:
            self._broken = failed
        self._slowest_s = max(self._slowest_s, time.monotonic() - began)

    def _report(self, lateness: list[tuple[float, str]]) -> None:
        latest = max(lateness, default=(0.0, ""))[0]
        print(
            f"{self.stage.language.name}: {len(self._due_ms)} jobs through the update, the latest"
            f" {latest:.2f} s late; {len(self._refused)} failed calls, the slowest call"
            f" {self._slowest_s:.2f} s",
            flush=True,
        )

    def _judge(self, lateness: list[tuple[float, str]]) -> None:
        late = [f"{job_id} {s:.2f} s" for s, job_id in lateness if s > LATEST_S]
        holds(not self._refused, f"{len(self._refused)} calls failed: {self._refused[:3]}")
        accounted([self._program], list(self._due_ms), once=True)
        holds(not late, f"{len(late)} jobs were late: {late[:5]}")

    def _lateness(self, since: float = 0.0) -> list[tuple[float, str]]:
        """Seconds from when a job was due, which was not before that, to when its handler began;
        in the order of that."""
        # What the clock of the service is ahead of that of events; both are of this machine.
        ahead = time.time() - time.monotonic() + self.stage.service.clock_offset_s
        begun = self._program.of("begun") if self._program else []
        due = {job_id: ms / 1000 - ahead for job_id, ms in self._due_ms.items()}
        return [
            (event["at"] - due[event["job_id"]], event["job_id"])
            for event in begun
            if due.get(event["job_id"], -1.0) >= since
        ]


async def update(service: Service, stages: list[Stage], names: Names) -> list[Traffic]:
    """Replaces all replicas beside the jobs of all languages. The service has no others then."""
    await names.open()
    for replica in service.replicas:
        await replica.end(signal.SIGTERM)
    deployment = Deployment(service, names)
    flows = [Traffic(stage) for stage in stages]
    running: list[asyncio.Task[None]] = []
    try:
        await deployment.start()
        running += [
            asyncio.create_task(each.guard(TITLE, each.flow(names, deployment.port)))
            for each in flows
        ]
        steady_by = time.monotonic() + _STEADY_S
        while not all(each.is_steady or task.done() for each, task in zip(flows, running)):
            if time.monotonic() > steady_by:
                break
            await asyncio.sleep(0.5)
        for each in flows:
            each.judged_from = time.monotonic()
        await deployment.roll()
        await asyncio.sleep(_QUIET_S)
        for each in flows:
            each.is_over = True
        await asyncio.gather(*running)
    finally:
        for task in running:
            task.cancel()
        for each in flows:
            await each.stage.close()
        await deployment.end()
        names.close()
    return flows
