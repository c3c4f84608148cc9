"""Does what the conformance runner says: see clients/conformance/README.md."""

import asyncio
import hashlib
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

import dueline

Fields = dict[str, Any]
MAX_LINE = 1 << 20
TIMES = {"delay": "in_", "ttl": "ttl", "lease": "lease", "heartbeat": "heartbeat",
         "max_run": "max_run_time", "call_timeout": "call_timeout",
         "attempt_timeout": "attempt_timeout"}  # fmt: skip


def say(**line: Any) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def error_fields(error: BaseException | None) -> Fields | None:
    if isinstance(error, dueline.DuelineError):
        return {"code": error.code.name, "reason": error.reason, "message": error.message}
    return error and {"code": "UNKNOWN", "reason": "", "message": repr(error)}


def options(fields: Fields, *names: str) -> Fields:
    """Those that are there of these fields, times as seconds under the library's names."""
    chosen: Fields = {n: fields[n] for n in names if fields.get(n) is not None}
    for name, option in TIMES.items():
        if name in names and fields.get(f"{name}_ms") is not None:
            chosen[option] = fields[f"{name}_ms"] / 1000
    return chosen


class Program:
    def __init__(self) -> None:
        self.client: dueline.Client
        self.workers: dict[str, tuple[dueline.Worker, asyncio.Task[None]]] = {}

    async def obey(self, command: Fields) -> None:
        do: Callable[[Fields], Awaitable[Fields]] = getattr(self, command["do"])
        try:
            say(reply=command["id"], **await do(command))
        except Exception as error:
            say(reply=command["id"], error=error_fields(error))

    async def connect(self, c: Fields) -> Fields:
        chosen = options(c, "token", "call_timeout", "attempt_timeout")
        self.client = dueline.connect(c["targets"], **chosen)
        return {}

    async def schedule(self, c: Fields) -> Fields:
        return vars_of(await self.client.schedule(c["queue"], payload_of(c), **job_options(c)))

    async def schedule_many(self, c: Fields) -> Fields:
        count, failed = c["count"], []
        room = asyncio.Semaphore(1_000_000 if c.get("batching") else c.get("concurrency", 50))
        producer = dueline.BatchingProducer(self.client) if c.get("batching") else self.client

        async def one(i: int) -> None:
            id = f"{c['prefix']}-{i}"
            delay = c.get("delay_ms", 0) + i * c.get("spread_ms", 0) // count
            async with room:
                try:
                    chosen = job_options({**c, "job_id": id, "delay_ms": delay})
                    await producer.schedule(c["queue"], id, **chosen)
                except dueline.DuelineError as error:
                    failed.append({"job_id": id, "error": error_fields(error)})

        await asyncio.gather(*(one(i) for i in range(count)))
        return {"stored": count - len(failed), "failed": failed}

    async def cancel(self, c: Fields) -> Fields:
        leased = c.get("cancel_leased", False)
        return {"outcome": await self.client.cancel(c["queue"], c["job_id"], cancel_leased=leased)}

    async def reschedule(self, c: Fields) -> Fields:
        await self.client.reschedule(c["queue"], c["job_id"], in_=c["delay_ms"] / 1000)
        return {}

    async def get(self, c: Fields) -> Fields:
        job = await self.client.get(c["queue"], c["job_id"])
        if job is None:
            return {"error": {"code": "NOT_FOUND", "reason": "", "message": ""}}
        state = ["", "PENDING", "LEASED", "DEAD"][job.state]
        return {"state": state, "failed_attempts": job.failed_attempts,
                "last_failure": job.last_failure}  # fmt: skip

    async def worker_start(self, c: Fields) -> Fields:
        name, telling = c["worker"], Telling(c["worker"])
        chosen = options(c, "concurrency", "lease", "heartbeat", "max_run")
        worker = dueline.Worker(
            self.client, c["queues"], telling.handle, listener=telling, name=name, **chosen
        )
        self.workers[name] = worker, asyncio.create_task(telling.tell_end(worker))
        return {}

    async def worker_stop(self, c: Fields) -> Fields:
        worker, running = self.workers[c["worker"]]
        chosen = {"timeout": c["timeout_ms"] / 1000} if "timeout_ms" in c else {}
        await worker.stop(c.get("mode", "wait"), **chosen)
        await running
        return {}

    async def iterate(self, c: Fields) -> Fields:
        taken: list[Fields] = []
        async with self.client.jobs(*c["queues"], **options(c, "lease")) as jobs:
            while len(taken) < c["count"]:
                job = await anext(jobs)
                taken.append({"job_id": job.id, "attempt": job.attempt})
                if job.attributes.get("do") == "dead":
                    await job.nack(job.attributes.get("message", ""), dead=True)
                else:
                    await job.ack()
        return {"jobs": taken}


class Telling(dueline.Listener):
    """A worker's handler and hooks, which write events."""

    def __init__(self, worker: str) -> None:
        self.worker = worker
        self.running = self.max_running = 0

    def event(self, event: str, **fields: Any) -> None:
        say(event=event, worker=self.worker, **fields)

    async def tell_end(self, worker: dueline.Worker) -> None:
        error = None
        try:
            await worker.run()
        except Exception as failure:
            error = failure
        self.event("ended", error=error_fields(error), max_running=self.max_running)

    async def handle(self, job: dueline.Job) -> None:
        self.running += 1
        self.max_running = max(self.max_running, self.running)
        digest = hashlib.sha256(job.payload).hexdigest()
        self.event("begun", queue=job.queue, job_id=job.id, attempt=job.attempt,
                   payload_size=len(job.payload), payload_sha256=digest,
                   running=self.running)  # fmt: skip
        try:
            attributes = job.attributes
            if job.attempt <= int(attributes.get("attempts", job.attempt)):
                await self.behave(job, attributes.get("do", "ok"))
        except asyncio.CancelledError:
            self.event("cancelled", job_id=job.id, attempt=job.attempt)
            raise
        finally:
            self.running -= 1

    async def behave(self, job: dueline.Job, do: str) -> None:
        seconds = int(job.attributes.get("ms", 0)) / 1000
        message = job.attributes.get("message", "")
        if do == "sleep":
            await asyncio.sleep(seconds)
        elif do == "hang":
            end = time.monotonic() + seconds
            while (left := end - time.monotonic()) > 0:
                try:
                    await asyncio.sleep(left)
                except asyncio.CancelledError:
                    self.event("cancelled", job_id=job.id, attempt=job.attempt)
        elif do == "fail":
            raise RuntimeError(message)
        elif do == "retry":
            raise dueline.RetryIn(seconds)
        elif do == "dead":
            raise dueline.Dead(message)

    def connected(self, watcher_id: str) -> None:
        self.event("connected")

    def disconnected(self, error: dueline.DuelineError | None) -> None:
        self.event("disconnected", error=error_fields(error))

    def job_finished(self, job: dueline.Job, outcome: str, seconds: float) -> None:
        self.event("finished", job_id=job.id, attempt=job.attempt, outcome=outcome)

    def lease_lost(self, job: dueline.Job, reason: str) -> None:
        self.event("lease_lost", job_id=job.id, attempt=job.attempt)


def job_options(c: Fields) -> Fields:
    chosen = options(c, "delay", "attributes", "request_id", "on_conflict", "cron", "ttl")
    if "max_attempts" in c or "initial_backoff_ms" in c:
        backoff = c["initial_backoff_ms"] / 1000 if "initial_backoff_ms" in c else None
        chosen["retry"] = dueline.Retry(c.get("max_attempts", 0), backoff)
    return {**chosen, "id": c.get("job_id", "")}


def payload_of(c: Fields) -> bytes:
    if "payload_size" in c:
        return bytes(i % 251 for i in range(c["payload_size"]))
    return str(c.get("payload", "")).encode()


def vars_of(answer: dueline.Scheduled) -> Fields:
    names = ("job_id", "outcome", "first_outcome", "job_state")
    due_ms = round(answer.due.timestamp() * 1000)
    return {**{n: getattr(answer, n) for n in names}, "due_ms": due_ms}


async def main() -> None:
    loop = asyncio.get_running_loop()
    lines = asyncio.StreamReader(limit=MAX_LINE)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    program, under_way = Program(), set()
    while line := await lines.readline():
        task = loop.create_task(program.obey(json.loads(line)))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    os._exit(0)


asyncio.run(main())
