"""What a case has to work with."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from program import Failed, Fields, Program, Refused
from proxy import Proxy
from service import TOKEN, Service

#: Settings of workers under which faults are noticed in seconds.
LEASE_MS = 10_000
WORKER = {"concurrency": 10, "lease_ms": LEASE_MS, "heartbeat_ms": 1_000}

_names = itertools.count(1)


@dataclass
class Language:
    """How the program of a language is started."""

    name: str
    run: str
    scratch: Path
    #: Resolves names by the hosts file that $HOSTS names, and cannot be told of a name server.
    has_hosts_file: bool = False


@dataclass
class Stage:
    """One case of one language: a queue, proxies and programs of its own."""

    language: Language
    service: Service
    proxies: list[Proxy] = field(default_factory=list)
    queue: str = ""
    #: What programs find in their environment besides.
    environment: dict[str, str] = field(default_factory=dict)
    _programs: list[Program] = field(default_factory=list)

    @property
    def event_files(self) -> list[Path]:
        """What its programs told, once it is closed."""
        return [program.event_file for program in self._programs]

    async def open(self) -> None:
        self.queue = f"conformance-{self.language.name}-{next(_names)}"
        self.proxies = [Proxy(replica.port) for replica in self.service.replicas]
        for proxy in self.proxies:
            await proxy.open()

    async def close(self) -> None:
        for program in self._programs:
            await program.end()
        for proxy in self.proxies:
            proxy.refuse()

    async def program(
        self, *, token: str = TOKEN, targets: list[str] | None = None, **options: Any
    ) -> Program:
        """A program that is connected, to all replicas unless it is told otherwise."""
        scratch = self.language.scratch
        environment = {"SCRATCH": str(scratch), "no_proxy": "127.0.0.1", **self.environment}
        events = scratch / f"{self.queue}-{len(self._programs)}.events"
        program = Program(self.language.run, environment, scratch / "program.log", events)
        await program.start()
        self._programs.append(program)
        # Long enough for a machine that has much else to do.
        times = {"call_timeout_ms": 120_000, "attempt_timeout_ms": 15_000}
        options = {**times, "token": token, **options}
        addresses = targets or [proxy.address for proxy in self.proxies]
        await program.do("connect", targets=addresses, within=60, **options)
        return program

    async def worker(self, program: Program, name: str = "w", **options: Any) -> None:
        """Starts a worker of the case's queue, and waits until it is connected."""
        await self.begin_worker(program, name, **options)
        await program.event("connected", worker=name)

    async def begin_worker(self, program: Program, name: str = "w", **options: Any) -> None:
        await program.do("worker_start", worker=name, queues=[self.queue], **{**WORKER, **options})

    async def schedule(self, program: Program, job_id: str, **fields: Any) -> Fields:
        return await program.do("schedule", queue=self.queue, job_id=job_id, **fields)

    async def schedule_many(self, program: Program, count: int, **fields: Any) -> None:
        """Stores jobs ``j-0`` and so on, all of them."""
        fields = {"prefix": "j", **fields}
        reply = await program.do(
            "schedule_many", queue=self.queue, count=count, within=240, **fields
        )
        same(reply["failed"], [], "jobs that could not be stored")
        same(reply["stored"], count, "jobs stored")

    async def finished(self, programs: list[Program], ids: list[str], within: float = 240) -> None:
        """Waits until each job is settled: acked, lost to a repeated ack, or gone where the
        program was not answered."""
        wanted = set(ids)
        end = time.monotonic() + within
        while left := wanted.difference(*(program.done for program in programs)):
            await asyncio.sleep(0.05)
            for job_id in left:
                last = history(programs, job_id)[-1:]
                if last and last[0].get("outcome") == "unsettled":
                    if await self._is_gone(programs[0], job_id):
                        programs[0].done.add(job_id)
            if time.monotonic() >= end:
                raise Failed(f"not done after {within:g} s: {len(left)}, {sorted(left)[:5]}")

    async def _is_gone(self, program: Program, job_id: str) -> bool:
        await asyncio.sleep(1)
        try:
            await program.do("get", queue=self.queue, job_id=job_id)
        except Refused as refused:
            return bool(refused.code == "NOT_FOUND")
        return False


class Part:
    """What one language does in a case that all are in at once."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        #: Why it failed, by the title of a row.
        self.failures: dict[str, str] = {}
        #: Seconds that it took, by the title of a row.
        self.seconds: dict[str, float] = {}

    async def guard(self, title: str, work: Awaitable[None]) -> None:
        began = time.monotonic()
        try:
            await work
        except Exception as error:
            kind = "" if isinstance(error, Failed) else f"{type(error).__name__}: "
            self.failures[title] = f"{kind}{error}"
        self.seconds[title] = time.monotonic() - began


@dataclass
class Case:
    """One row of the table."""

    title: str
    play: Callable[[Stage], Awaitable[None]]
    #: Whether it needs a Redis whose clock differs from the clients'.
    needs_clock: bool = False


CASES: list[Case] = []


def case(title: str, *, needs_clock: bool = False) -> Callable[[Any], Any]:
    """Enters a function into the table."""

    def enter(play: Callable[[Stage], Awaitable[None]]) -> Any:
        CASES.append(Case(title, play, needs_clock))
        return play

    return enter


def holds(condition: object, what: str) -> None:
    if not condition:
        raise Failed(what)


def same(actual: object, expected: object, what: str) -> None:
    if actual != expected:
        raise Failed(f"{what}: {str(actual)[:300]}, not {str(expected)[:300]}")


def history(programs: Iterable[Program], job_id: str) -> list[Fields]:
    """What all programs told of a job, in order."""
    events = (e for p in programs for e in p.jobs.get(job_id, ()))
    return sorted(events, key=lambda e: e["at"])


def accounted(programs: list[Program], ids: list[str], *, once: bool) -> None:
    """Each job was handled until an ack of it was answered, none twice at once, and none after
    its ack. ``once``: none was handled twice at all."""
    for job_id in ids:
        events = history(programs, job_id)
        running = 0
        acked = False
        for event in events:
            if event["event"] == "begun":
                holds(not acked, f"{job_id} was handled again after its ack")
                holds(not running, f"{job_id} was handled twice at once")
                running += 1
            elif event["event"] == "finished":
                running = 0
                acked = acked or event["outcome"] == "acked"
            elif event["event"] == "cancelled":
                running = 0
        begun = [e for e in events if e["event"] == "begun"]
        holds(begun, f"{job_id} was never handled")
        last = [e for e in events if e["event"] == "finished"][-1:]
        ended = last and last[0]["outcome"] in ("acked", "lost", "unsettled")
        holds(ended, f"{job_id} has not ended: {last}")
        if once:
            same([e["attempt"] for e in begun], [1], f"attempts of {job_id}")
