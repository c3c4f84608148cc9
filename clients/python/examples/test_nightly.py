"""A job of each night, at 2:30 in Vienna, where the clocks go from 2:00 to 3:00 in one of them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dueline.testing import DevService

pytestmark = pytest.mark.asyncio

VIENNA = ZoneInfo("Europe/Vienna")


def change_after(now: datetime) -> datetime:
    """The last Sunday of the next year's March."""
    last = datetime(now.year + 1, 3, 31, tzinfo=VIENNA)
    return last - timedelta(days=last.isoweekday() % 7)


async def test_each_night_has_its_run(dueline_dev: DevService) -> None:
    sunday = change_after(await dueline_dev.now())
    await dueline_dev.advance(to=sunday - timedelta(days=1))
    async with dueline_dev.connect() as client:
        await client.schedule("reports", id="nightly", cron="30 2 * * *", time_zone="Europe/Vienna")
        async with dueline_dev.worker(client, "reports"):
            await dueline_dev.advance(to=sunday + timedelta(days=2))

    runs = dueline_dev.assert_delivered("reports", "nightly", times=3)
    assert [f"{run.due.astimezone(VIENNA):%a %H:%M %Z}" for run in runs] == [
        "Sat 02:30 CET",
        "Sun 03:00 CEST",
        "Mon 02:30 CEST",
    ]
