"""Workers, over calls and streams that the test answers."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import dueline
import grpc
import pytest
from dueline.extending import Extender
from dueline.gathering import Gatherer
from dueline.job import Job
from dueline.listener import Listener
from dueline.running import Run, Slots
from dueline.settling import GIVE_BACK, Settler, Verdict, verdict_of
from dueline.v1 import scheduler_pb2 as pb

NOW = datetime.now(timezone.utc)
OK = pb.LEASE_OUTCOME_OK


class Calls:
    """Stands for a connection; ``answer`` gets the method and the request."""

    call_timeout = 10.0

    def __init__(self, answer: Callable[[str, Any], Any] | None = None) -> None:
        self.made: list[tuple[str, Any]] = []
        self._answer = answer

    async def call(self, method: str, request: Any, **_: Any) -> Any:
        self.made.append((method, request))
        if self._answer:
            return self._answer(method, request)
        return SimpleNamespace(outcomes=[OK] * len(request.lease_tokens))


class FakeStream:
    """Stands for a stream."""

    def __init__(self, credit: int = 1) -> None:
        self.credit = credit
        self.is_open = True
        self.has_ended = self.is_closed = False
        self.heard = time.monotonic()
        self.watch_token = ""

    def close(self) -> None:
        self.is_closed = True


def job(id: str = "a") -> Job:
    return Job("q", id, b"", {}, 1, NOW, NOW, f"token-{id}")


def settler(calls: Calls) -> Settler:
    return Settler(calls, 30.0, Listener())  # type: ignore[arg-type]


def carry_out(handler: Any, calls: Calls, max_run: float = 10.0) -> str:
    async def main() -> str:
        run = Run(job(), FakeStream(), Listener())  # type: ignore[arg-type]
        return await run.carry_out(handler, Slots(1), settler(calls), (1.0, max_run), lambda: None)

    return asyncio.run(main())


def worker(calls: Any, **options: Any) -> dueline.Worker:
    async def handle(_: Job) -> None: ...

    client: Any = SimpleNamespace(connection=calls)
    return dueline.Worker(client, "q", handle, **options)


def test_plain_function_is_a_handler() -> None:
    seen: list[str] = []
    assert carry_out(lambda each: seen.append(each.id), Calls()) == "acked"
    assert seen == ["a"]


@pytest.mark.real_time
def test_thread_holds_its_slot_until_it_ends() -> None:
    async def main() -> None:
        go_on = threading.Event()
        slots, calls = Slots(1), Calls()
        run = Run(job(), FakeStream(), Listener())  # type: ignore[arg-type]
        handler = dueline.in_thread(lambda _: go_on.wait(30))
        outcome = await run.carry_out(handler, slots, settler(calls), (1.0, 0.1), lambda: None)
        assert (outcome, slots.hung, run.is_hung) == ("nacked", 1, True)
        never: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        assert not await slots.take(0.1, never)
        go_on.set()
        assert await slots.take(30, never)
        assert slots.hung == 0

    asyncio.run(main())


@pytest.mark.real_time
def test_what_a_thread_did_counts_though_it_was_cancelled() -> None:
    calls = Calls()
    assert carry_out(dueline.in_thread(lambda _: time.sleep(0.3)), calls, 0.1) == "acked"
    assert [method for method, _ in calls.made] == ["Ack"]


def test_given_back_is_due_at_once_and_uncounted() -> None:
    calls = Calls()
    assert asyncio.run(settler(calls).settle("t", GIVE_BACK)) == "given_back"
    request = calls.made[0][1]
    assert request.uncounted and request.HasField("delay")
    assert request.delay.ToMilliseconds() == 0


def test_delays_that_the_server_would_refuse() -> None:
    assert verdict_of(dueline.RetryIn(-1)).delay == timedelta(0)

    def refuse_delays(_: str, request: Any) -> Any:
        if request.HasField("delay"):
            raise dueline.DuelineError(grpc.StatusCode.INVALID_ARGUMENT, "too long")
        return SimpleNamespace(outcomes=[OK])

    verdict = verdict_of(dueline.RetryIn(1e9))
    assert asyncio.run(settler(Calls(refuse_delays)).settle("t", verdict)) == "nacked"


def test_heartbeats_are_a_sixth_of_the_lease() -> None:
    async def beats() -> list[float]:
        made = [worker(Calls(), lease=lease) for lease in (30, 2, 600)]
        made.append(worker(Calls(), lease=30, heartbeat=2))
        return [each._request.heartbeat_interval.ToTimedelta().total_seconds() for each in made]

    assert asyncio.run(beats()) == [5, 1, 10, 2]


@pytest.mark.real_time
@pytest.mark.parametrize("is_silent", [True, False])
def test_leases_of_a_silent_stream_are_extended(is_silent: bool) -> None:
    async def main() -> list[str]:
        calls, stream = Calls(), FakeStream()
        if is_silent:
            stream.heard -= 10
        runs = {"a": Run(job(), stream, Listener())}  # type: ignore[arg-type]
        extending = asyncio.create_task(Extender(calls, runs, 9.0, 4.5).run())  # type: ignore[arg-type]
        await asyncio.sleep(0.2)
        extending.cancel()
        return [method for method, _ in calls.made]

    assert asyncio.run(main()) == (["ExtendLease"] if is_silent else [])


def test_hung_handler_has_its_stream_stopped_for_a_smaller_one() -> None:
    async def main() -> None:
        w = worker(Calls(), concurrency=3)
        stream: Any = FakeStream(credit=3)
        w._streams.add(stream)
        w._shrink()
        assert stream.is_open
        w._slots.hung = 1
        w._shrink()
        assert not stream.is_open
        assert w._free() == (2, 1)
        await asyncio.sleep(0)
        assert stream.is_closed

    asyncio.run(main())


def test_job_that_cannot_be_settled_is_left_behind() -> None:
    def fail(_: str, __: Any) -> Any:
        raise RuntimeError("a bug")

    async def main() -> None:
        w, stream = worker(Calls(fail)), FakeStream()
        run = Run(job(), stream, Listener())  # type: ignore[arg-type]
        w._runs[run.job.lease_token] = run
        await w._carry_out(run)
        assert not w._runs and stream.is_closed

    asyncio.run(main())


def test_cancelled_send_leaves_no_caller_waiting() -> None:
    async def main() -> None:
        async def never(_: list[int]) -> list[int | Exception]:
            raise asyncio.CancelledError

        gatherer: Gatherer[int, int] = Gatherer(never, size_of=int, max_items=4, max_bytes=9)
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(gatherer.put(1), 30)

    asyncio.run(main())


def within(work: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(work(), 60))  # type: ignore[arg-type]


def test_worker_of_a_closed_client_ends() -> None:
    async def main() -> None:
        client = dueline.connect("127.0.0.1:1")

        async def handle(_: Job) -> None: ...

        w = dueline.Worker(client, "q", handle)
        running = asyncio.create_task(w.run())
        await asyncio.sleep(0.1)
        await client.close()
        with pytest.raises(dueline.DuelineError, match="closed"):
            await running
        with pytest.raises(dueline.DuelineError, match="closed"):
            await client.schedule("q")

    within(main)


def test_stop_ends_though_nothing_else_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dueline.worker._GIVING_BACK_S", 0.2)
    monkeypatch.setattr("dueline.worker._STOPPING_S", 0.2)

    async def main() -> None:
        client = dueline.connect("127.0.0.1:1")
        w = dueline.Worker(client, "q", lambda _: asyncio.sleep(60))
        w._settler.settle = lambda *_: asyncio.sleep(3600)  # type: ignore[assignment,return-value]
        running = asyncio.create_task(w.run())
        await asyncio.sleep(0.1)
        due = pb.DueJob(queue="q", job_id="a", lease_token="t")
        w.brought(FakeStream(), [due])  # type: ignore[arg-type]
        await asyncio.sleep(0.1)
        await w.stop("give_back")
        await running
        assert not w._runs
        await client.close()

    within(main)


@pytest.mark.real_time
def test_item_whose_shard_is_away_holds_up_no_other() -> None:
    tries: list[list[str]] = []

    def answer(_: str, request: Any) -> Any:
        ids = [each.job_id for each in request.requests]
        tries.append(ids)
        response = pb.BatchScheduleResponse()
        for id in ids:
            result = response.results.add()
            if id == "away" and len(tries) < 4:
                result.error.code = grpc.StatusCode.UNAVAILABLE.value[0]
            else:
                result.response.job_id = id
        return response

    async def main() -> None:
        client: Any = SimpleNamespace(connection=Calls(answer))
        ended: list[str] = []
        async with dueline.BatchingProducer(client) as producer:

            async def one(id: str) -> None:
                ended.append((await producer.schedule("q", id=id)).job_id)

            storing = [asyncio.create_task(one(id)) for id in ("away", "here")]
            await asyncio.sleep(0)
        assert ended == ["here", "away"]
        await asyncio.gather(*storing)

    within(main)
    assert tries == [["away", "here"], ["away"], ["away"], ["away"]]


@pytest.mark.real_time
def test_dead_connection_is_left_within_the_attempts_of_a_call() -> None:
    async def main() -> None:
        quiet = await asyncio.start_server(lambda *_: asyncio.sleep(60), "127.0.0.1", 0)
        port = quiet.sockets[0].getsockname()[1]
        client = dueline.connect(f"127.0.0.1:{port}")
        target = client.connection._targets[0]
        old, target._connected_at = target.channel, target._connected_at - 60
        with pytest.raises(dueline.DuelineError):
            await client.connection.call(
                "Ack", pb.AckRequest(), repeatable=True, timeout=0.4, attempt_timeout=0.1
            )
        assert target.channel is not old
        await client.close()
        quiet.close()

    within(main)
