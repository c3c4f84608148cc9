"""Cases of producers: calls, and what they are answered."""

from __future__ import annotations

import asyncio
import hashlib
import time

from case import Stage, case, holds, same
from program import Failed, Fields, Program, Refused
from service import PRODUCER_TOKEN


async def refusal(program: Program, command: str, **fields: object) -> Refused:
    try:
        reply = await program.do(command, **fields)
    except Refused as refused:
        return refused
    raise Failed(f"{command} was not refused: {reply}")


@case("schedule, get, reschedule, cancel and their verdicts")
async def verdicts(stage: Stage) -> None:
    p = await stage.program()
    queue = stage.queue
    first = await stage.schedule(p, "a", delay_ms=600_000, payload="x")
    same((first["job_id"], first["outcome"]), ("a", "CREATED"), "a new job")
    again = await stage.schedule(p, "a", delay_ms=600_000, payload="x")
    same((again["outcome"], again["first_outcome"]), ("UNCHANGED", ""), "the same with another id")
    error = await refusal(p, "schedule", queue=queue, job_id="a", delay_ms=1000, payload="y")
    same((error.code, error.reason), ("ALREADY_EXISTS", "JOB_EXISTS"), "another job of that id")
    kept = await stage.schedule(p, "a", delay_ms=1000, payload="y", on_conflict="replace")
    same(kept["outcome"], "REPLACED", "on_conflict replace")
    await p.do("reschedule", queue=queue, job_id="a", delay_ms=500_000)
    same((await p.do("get", queue=queue, job_id="a"))["state"], "PENDING", "state")
    same((await p.do("cancel", queue=queue, job_id="a"))["outcome"], "CANCELED", "verdict")
    same((await p.do("cancel", queue=queue, job_id="a"))["outcome"], "NOT_FOUND", "second verdict")
    same((await refusal(p, "get", queue=queue, job_id="a")).code, "NOT_FOUND", "get")
    error = await refusal(p, "schedule", queue="no queue!", job_id="a")
    same(error.code, "INVALID_ARGUMENT", "a name that no queue can have")
    named = await p.do("schedule", queue=queue, delay_ms=600_000)
    holds(named["job_id"], "the server names a job without an id")


@case("unicode ids, empty and 256 KiB payloads")
async def payloads(stage: Stage) -> None:
    p = await stage.program()
    await stage.worker(p)
    ids = ["日本-ünï-🎉", 'with space and "quotes" \\', "e\u0301"]
    for job_id in ids:
        await stage.schedule(p, job_id, payload=job_id, attributes={"naïve": "Grüße 🎉"})
        await expect(p, job_id, job_id.encode())
    await stage.schedule(p, "empty", payload_size=0)
    await expect(p, "empty", b"")
    size = 256 << 10
    await stage.schedule(p, "large", payload_size=size)
    await expect(p, "large", bytes(i % 251 for i in range(size)))
    error = await refusal(p, "schedule", queue=stage.queue, job_id="x", payload_size=size + 1)
    same(error.code, "INVALID_ARGUMENT", "a payload that is too large")
    await stage.finished([p], [*ids, "empty", "large"])


async def expect(p: Program, job_id: str, payload: bytes) -> None:
    begun: Fields = await p.event("begun", job_id=job_id)
    same(begun["payload_size"], len(payload), f"size of {job_id}")
    same(begun["payload_sha256"], hashlib.sha256(payload).hexdigest(), f"payload of {job_id}")


@case("batching producer answers each caller")
async def batching(stage: Stage) -> None:
    p = await stage.program()
    await stage.schedule_many(p, 1000, batching=True, delay_ms=600_000)
    again = await p.do(
        "schedule_many", queue=stage.queue, prefix="j", count=1010, batching=True, delay_ms=500_000
    )
    codes = {f["error"]["code"] for f in again["failed"]}
    same((len(again["failed"]), codes), (1000, {"ALREADY_EXISTS"}), "jobs that are there")
    same(again["stored"], 10, "jobs that are not")


@case("a lost answer: the same request_id over retries")
async def request_ids(stage: Stage) -> None:
    # Whoever sees what became of a job is not behind the proxy that loses answers.
    apart = [stage.proxies[1].address, stage.proxies[2].address]
    watching = await stage.program(targets=apart)
    await stage.worker(watching)
    p = await stage.program(targets=[stage.proxies[0].address], attempt_timeout_ms=2000)
    other = await stage.program(targets=apart)
    for round_ in range(3):
        job_id = f"once-{round_}"
        # A connection that is ready, over which the answer is lost.
        await p.do("schedule", queue=f"{stage.queue}-other", delay_ms=600_000)
        stage.proxies[0].mute()
        reply = p.begin("schedule", queue=stage.queue, job_id=job_id, payload="x")
        await watching.event("finished", job_id=job_id, outcome="acked")
        same(
            (await refusal(other, "get", queue=stage.queue, job_id=job_id)).code, "NOT_FOUND", "get"
        )
        stage.proxies[0].cut()
        answer = await p.answer(reply)
        told = (answer["outcome"], answer["first_outcome"])
        same(told, ("UNCHANGED", "CREATED"), "outcome and first outcome of the repeat")
    await asyncio.sleep(1)
    same(len(watching.of("begun")), 3, "deliveries of three jobs")


@case("a lost answer to a cancel: the same verdict over retries")
async def cancel_ids(stage: Stage) -> None:
    other = await stage.program(targets=[stage.proxies[1].address, stage.proxies[2].address])
    p = await stage.program(targets=[stage.proxies[0].address], attempt_timeout_ms=2000)
    for round_ in range(3):
        job_id = f"canceled-{round_}"
        await stage.schedule(p, job_id, delay_ms=600_000)
        stage.proxies[0].mute()
        reply = p.begin("cancel", queue=stage.queue, job_id=job_id)
        await gone(other, stage.queue, job_id)
        stage.proxies[0].cut()
        same((await p.answer(reply))["outcome"], "CANCELED", "verdict of the repeat")
    same(
        (await p.do("cancel", queue=stage.queue, job_id="canceled-0"))["outcome"],
        "NOT_FOUND",
        "verdict of another call",
    )


async def gone(p: Program, queue: str, job_id: str) -> None:
    """Waits until nobody has the job."""
    began = time.monotonic()
    while time.monotonic() - began < 60:
        try:
            await p.do("get", queue=queue, job_id=job_id)
        except Refused as error:
            same(error.code, "NOT_FOUND", "get")
            return
        await asyncio.sleep(0.05)
    raise Failed(f"{job_id} was not canceled")


@case("wrong token: calls fail, run ends with the reason")
async def wrong_token(stage: Stage) -> None:
    p = await stage.program(token="wrong")
    began = time.monotonic()
    error = await refusal(p, "schedule", queue=stage.queue, job_id="a")
    same(error.code, "UNAUTHENTICATED", "schedule")
    holds(time.monotonic() - began < 60, "a call that is refused is not repeated")
    await stage.begin_worker(p)
    ended = await p.event("ended")
    same((ended["error"] or {}).get("code"), "UNAUTHENTICATED", "end of run")
    producer = await stage.program(token=PRODUCER_TOKEN)
    await stage.schedule(producer, "a", delay_ms=600_000)
    await stage.begin_worker(producer)
    ended = await producer.event("ended")
    error_fields = ended["error"] or {}
    same(error_fields.get("code"), "PERMISSION_DENIED", "end of run without the permission")
    same(error_fields.get("reason"), "PERMISSION_DENIED", "its reason")


@case("clock of the client wrong by an hour", needs_clock=True)
async def wrong_clock(stage: Stage) -> None:
    p = await stage.program()
    # Longer than a busy machine stands still.
    await stage.worker(p, lease_ms=12_000)
    began = time.monotonic()
    await stage.schedule(p, "a", delay_ms=1500, attributes={"do": "sleep", "ms": "30000"})
    begun = await p.event("begun", job_id="a")
    holds(begun["at"] - began >= 1.5, f"early: after {begun['at'] - began:.3f} s")
    finished = await p.event("finished", job_id="a")
    same((finished["outcome"], len(p.of("begun"))), ("acked", 1), "outcome and deliveries")
