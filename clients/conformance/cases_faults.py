"""Cases of connections that break, and of a service that is not there."""

from __future__ import annotations

import asyncio

from case import Stage, accounted, case, holds, same


@case("half-open connections are left")
async def half_open(stage: Stage) -> None:
    p = await stage.program(attempt_timeout_ms=3000)
    other = await stage.program()
    await stage.worker(p)
    for round_ in range(2):
        running, later = f"running-{round_}", f"later-{round_}"
        await stage.schedule(other, running, attributes={"do": "sleep", "ms": "12000"})
        await p.event("begun", job_id=running)
        connections = len(p.of("connected"))
        for proxy in stage.proxies:
            proxy.freeze()
        await p.until("connected again", lambda: len(p.of("connected")) > connections)
        producer = await stage.program()
        await stage.schedule(producer, later)
        await stage.finished([p], [running, later])
        # The server may have given them to a stream that it did not know to be dead: what counts
        # is that the break brought nobody a job that was being handled.
        accounted([p], [running, later], once=False)
        same(len(p.of("begun", job_id=running)), 1, f"deliveries of {running}")
        other = producer


@case("a service that is not there at the start is waited for")
async def unavailable_at_start(stage: Stage) -> None:
    for proxy in stage.proxies:
        proxy.refuse()
    p = await stage.program()
    await stage.begin_worker(p)
    reply = p.begin("schedule", queue=stage.queue, job_id="a")
    await asyncio.sleep(4)
    same(p.of("ended"), [], "end of run")
    for proxy in stage.proxies:
        await proxy.open()
    same((await p.answer(reply))["outcome"], "CREATED", "a call that waited")
    await stage.finished([p], ["a"])


@case("no storm of streams that begin and break")
async def no_storm(stage: Stage) -> None:
    p = await stage.program()
    for proxy in stage.proxies:
        proxy.cut_after = 0.4
    await stage.begin_worker(p)
    await p.until("two breaks", lambda: len(p.of("disconnected")) >= 2)
    before = sum(proxy.accepted for proxy in stage.proxies)
    await asyncio.sleep(8)
    tries = sum(proxy.accepted for proxy in stage.proxies) - before
    holds(tries <= 60, f"{tries} connections in 8 s, cut 0.4 s after they begin")
    for proxy in stage.proxies:
        proxy.cut_after = 0.0
    await stage.schedule(p, "a")
    await stage.finished([p], ["a"])


@case("connections reset under load")
async def resets(stage: Stage) -> None:
    p = await stage.program()
    await stage.worker(p, "a")
    await stage.worker(p, "b")
    ids = [f"j-{i}" for i in range(500)]
    storing = asyncio.create_task(
        stage.schedule_many(
            p, len(ids), spread_ms=5000, concurrency=5, attributes={"do": "sleep", "ms": "20"}
        )
    )
    for i in range(12):
        await asyncio.sleep(0.5)
        stage.proxies[i % 3].cut()
    await storing
    await stage.finished([p], ids)
    accounted([p], ids, once=False)
