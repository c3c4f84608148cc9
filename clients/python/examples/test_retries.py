"""A mail that cannot be sent is tried three times, and then waits for a person."""

from datetime import timedelta

import dueline
import pytest
from dueline.testing import DevService
from dueline.v1.scheduler_pb2 import JOB_STATE_DEAD

pytestmark = pytest.mark.asyncio

MINUTE = timedelta(minutes=1)


async def send(job: dueline.Job) -> None:
    raise ConnectionError("no route to the mail server")


async def test_mail_is_dead_after_three_attempts(dueline_dev: DevService) -> None:
    retry = dueline.Retry(max_attempts=3, initial_backoff=MINUTE, multiplier=2, jitter=0)
    async with dueline_dev.connect() as client:
        await client.schedule("mail", "Dear Ann", id="ann", retry=retry)
        async with dueline_dev.worker(client, "mail", send):
            moved = await dueline_dev.advance("1h")

        first, second, third = dueline_dev.assert_delivered("mail", "ann", times=3)
        assert second.due - first.dispatched >= MINUTE
        assert third.due - second.dispatched >= 2 * MINUTE
        assert moved.jobs.died == 1
        job = await client.get("mail", "ann")
        assert job.state == JOB_STATE_DEAD
        assert job.last_failure == "no route to the mail server"
