"""Cases of workers: what becomes of jobs."""

from __future__ import annotations

import asyncio

from case import Stage, accounted, case, holds, same
from program import Refused


@case("return, error, retry-in and dead")
async def results(stage: Stage) -> None:
    p = await stage.program()
    await stage.worker(p)
    soon = {"initial_backoff_ms": 100}
    await stage.schedule(p, "ok")
    fails = {"do": "fail", "message": "no such address", "attempts": "1"}
    await stage.schedule(p, "fails-once", attributes=fails, **soon)
    await stage.schedule(p, "later", attributes={"do": "retry", "ms": "700", "attempts": "1"})
    await stage.schedule(p, "dead", attributes={"do": "dead", "message": "unpaid"})
    long = {"do": "fail", "message": "é" * 2000}
    await stage.schedule(p, "fails", attributes=long, max_attempts=2, **soon)
    await stage.finished([p], ["ok", "fails-once", "later"])
    same([e["attempt"] for e in p.of("begun", job_id="fails-once")], [1, 2], "attempts")
    first, second = p.of("begun", job_id="later")
    holds(second["at"] - first["at"] >= 0.7, "a retry came sooner than was asked")
    await p.event("finished", job_id="dead", outcome="dead")
    job = await p.do("get", queue=stage.queue, job_id="dead")
    same((job["state"], job["last_failure"]), ("DEAD", "unpaid"), "a dead job")
    await p.event("finished", job_id="fails", attempt=2)
    job = await p.do("get", queue=stage.queue, job_id="fails")
    same((job["state"], job["failed_attempts"]), ("DEAD", 2), "a job whose attempts are used up")
    reason = job["last_failure"]
    holds("é" * 100 in reason and len(reason.encode()) <= 1024, f"a long reason: {reason[:40]}")
    holds("\ufffd" not in reason, "a long reason is cut at a character")


@case("leases are extended while a handler runs")
async def extended(stage: Stage) -> None:
    p = await stage.program()
    # Longer than a busy machine stands still.
    await stage.worker(p, lease_ms=12_000)
    await stage.schedule(p, "long", attributes={"do": "sleep", "ms": "30000"})
    await stage.finished([p], ["long"])
    accounted([p], ["long"], once=True)


@case("a lost lease cancels its handler")
async def lost(stage: Stage) -> None:
    p = await stage.program()
    await stage.worker(p)
    await stage.schedule(p, "a", attributes={"do": "sleep", "ms": "120000"})
    await p.event("begun", job_id="a")
    reply = await p.do("cancel", queue=stage.queue, job_id="a", cancel_leased=True)
    same(reply["outcome"], "CANCELED", "verdict")
    await p.event("cancelled", job_id="a")
    await p.event("lease_lost", job_id="a")
    await p.event("finished", job_id="a", outcome="lost")


@case("a handler that hangs")
async def hangs(stage: Stage) -> None:
    p = await stage.program()
    await stage.worker(p, concurrency=2, max_run_ms=2000)
    hang = {"do": "hang", "ms": "9000"}
    await stage.schedule(p, "hung", attributes=hang, initial_backoff_ms=600_000)
    await p.event("begun", job_id="hung")
    await stage.schedule_many(p, 20, delay_ms=500, spread_ms=5000)
    await p.event("finished", job_id="hung", outcome="nacked")
    job = await p.do("get", queue=stage.queue, job_id="hung")
    same((job["state"], job["failed_attempts"]), ("PENDING", 1), "the job of a hung handler")
    holds("longer" in job["last_failure"], f"its reason: {job['last_failure']}")
    ids = [f"j-{i}" for i in range(20)]
    await stage.finished([p], ids)
    accounted([p], ids, once=False)
    holds(all(e["running"] <= 2 for e in p.of("begun")), "more handlers at once than concurrency")


@case("credit is never exceeded, over broken connections")
async def credit(stage: Stage) -> None:
    p = await stage.program()
    await stage.worker(p, concurrency=7)
    work = {"do": "sleep", "ms": "60"}
    ids = [f"j-{i}" for i in range(400)]
    await stage.schedule_many(p, len(ids), attributes=work)
    for _ in range(3):
        await asyncio.sleep(0.6)
        for proxy in stage.proxies:
            proxy.cut()
    await stage.finished([p], ids)
    await p.do("worker_stop", worker="w")
    same((await p.event("ended"))["max_running"], 7, "most handlers at once")
    accounted([p], ids, once=False)


@case("jobs without a handler")
async def iterator(stage: Stage) -> None:
    p = await stage.program()
    await stage.schedule_many(p, 30)
    await stage.schedule(p, "bad", attributes={"do": "dead", "message": "unreadable"})
    reply = await p.do("iterate", queues=[stage.queue], count=31, lease_ms=60_000)
    taken = sorted(job["job_id"] for job in reply["jobs"])
    same(taken, sorted(["bad", *(f"j-{i}" for i in range(30))]), "jobs")
    job = await p.do("get", queue=stage.queue, job_id="bad")
    same((job["state"], job["last_failure"]), ("DEAD", "unreadable"), "the job that was refused")
    try:
        left = await p.do("get", queue=stage.queue, job_id="j-3")
    except Refused as refused:
        same(refused.code, "NOT_FOUND", "a job that was acknowledged")
    else:
        holds(False, f"a job that was acknowledged is there: {left}")


@case("stop under load: wait")
async def stop_waits(stage: Stage) -> None:
    await stops(stage, "wait")


@case("stop under load: give back")
async def stop_gives_back(stage: Stage) -> None:
    await stops(stage, "give_back")


async def stops(stage: Stage, mode: str) -> None:
    """No attempt is counted for a job that a stopped worker had, and none is late by a lease."""
    leaving, staying = await stage.program(), await stage.program()
    long_lease = {"lease_ms": 120_000}
    await stage.worker(leaving, **long_lease)
    ids = [f"j-{i}" for i in range(300)]
    await stage.schedule_many(staying, len(ids), attributes={"do": "sleep", "ms": "150"})
    await leaving.until("50 jobs have begun", lambda: len(leaving.of("begun")) >= 50)
    await leaving.do("worker_stop", worker="w", mode=mode, timeout_ms=60_000)
    ended = await leaving.event("ended")
    same(ended["error"], None, "end of run")
    begun, settled = leaving.of("begun"), {e["job_id"] for e in leaving.of("finished")}
    left = [e["job_id"] for e in begun if e["job_id"] not in settled]
    same(left, [], "jobs that the worker that was stopped left behind")
    outcomes = {e["outcome"] for e in leaving.of("finished")}
    holds(outcomes <= ({"acked"} if mode == "wait" else {"acked", "given_back"}), f"{outcomes}")
    if mode == "wait":
        same(leaving.of("cancelled"), [], "handlers cancelled")
    await stage.worker(staying, **long_lease)
    await stage.finished([leaving, staying], ids)
    accounted([leaving, staying], ids, once=False)
    attempts = {e["attempt"] for e in [*begun, *staying.of("begun")]}
    same(attempts, {1}, "attempts")
