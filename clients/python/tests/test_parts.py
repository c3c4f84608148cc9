"""What needs no service; behavior is held by the conformance suite."""

import asyncio
from datetime import datetime, timedelta, timezone

import dueline
import pytest
from dueline.gathering import Gatherer
from dueline.settling import verdict_of


def test_request_has_what_the_caller_says() -> None:
    request = dueline.schedule_request(
        "q", "ü", id="a", in_=1.5, ttl=timedelta(minutes=1), retry=dueline.Retry(3, 0.1)
    )
    assert request.payload == "ü".encode()
    assert request.delay.ToMilliseconds() == 1500
    assert request.ttl.seconds == 60
    assert request.retry_policy.initial_backoff.ToMilliseconds() == 100
    assert request.request_id != dueline.schedule_request("q").request_id


def test_due_time_needs_a_zone() -> None:
    with pytest.raises(ValueError):
        dueline.schedule_request("q", at=datetime(2030, 1, 1))
    at = datetime(2030, 1, 1, tzinfo=timezone.utc)
    assert dueline.schedule_request("q", at=at).due_time.ToSeconds() == at.timestamp()


def test_reason_is_cut_at_a_character() -> None:
    reason = verdict_of(ValueError("é" * 2000)).reason
    assert reason == "é" * 512


def test_gatherer_answers_each() -> None:
    batches: list[list[int]] = []

    async def send(items: list[int]) -> list[int | Exception]:
        batches.append(items)
        return [ValueError(str(i)) if i == 3 else i * 2 for i in items]

    async def main() -> list[object]:
        gatherer: Gatherer[int, int] = Gatherer(send, size_of=int, max_items=4, max_bytes=100)
        puts = (gatherer.put(i) for i in range(10))
        return list(await asyncio.gather(*puts, return_exceptions=True))

    results = asyncio.run(main())
    assert [r for r in results if not isinstance(r, ValueError)] == [0, 2, 4, 8, 10, 12, 14, 16, 18]
    assert all(len(batch) <= 4 for batch in batches)
