"""The service for tests; what it is for is shown in examples."""

import asyncio
import json
import os
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import dueline
import pytest
from dueline.testing import DevService

needs_service = pytest.mark.skipif("DUELINE_DEV" not in os.environ, reason="no DUELINE_DEV")
DAY = timedelta(days=1)


def test_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DUELINE_DEV", raising=False)
    with pytest.raises(RuntimeError, match="DUELINE_DEV"):
        DevService()


def test_says_that_it_did_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUELINE_DEV", "/bin/false")
    with pytest.raises(RuntimeError, match="/bin/false dev ended with 1"):
        DevService()


@needs_service
def test_asserts_can_fail(dueline_dev: DevService) -> None:
    async def main() -> None:
        async with dueline_dev.connect() as client:
            await client.schedule("q", id="a", in_=DAY)
        due = (await dueline_dev.assert_scheduled("q", "a", in_=DAY)).due_time
        await dueline_dev.assert_scheduled("q", "a", due=due.ToDatetime(tzinfo=timezone.utc))
        for wrong in ({"in_": "1d1s"}, {"in_": "23h"}, {"due": datetime.now(timezone.utc)}):
            with pytest.raises(AssertionError, match="q/a is due"):
                await dueline_dev.assert_scheduled("q", "a", **wrong)  # type: ignore[arg-type]
        with pytest.raises(AssertionError, match="q/b does not wait: there is no such job"):
            await dueline_dev.assert_scheduled("q", "b")
        with pytest.raises(AssertionError, match="q/a: it is PENDING"):
            await dueline_dev.assert_not_scheduled("q", "a")
        with pytest.raises(AssertionError, match="delivered 0, not 1 times"):
            dueline_dev.assert_delivered("q", "a")
        dueline_dev.reset()
        await dueline_dev.assert_not_scheduled("q", "a")

    asyncio.run(main())


@needs_service
def test_clock_moves_to_what_is_next(dueline_dev: DevService) -> None:
    async def main() -> None:
        before = await dueline_dev.now()
        assert (await dueline_dev.advance_to_next()).steps == 0
        async with dueline_dev.connect() as client:
            await client.schedule("q", id="a", in_=DAY)
        assert (await dueline_dev.advance_to_next()).steps == 1
        assert await dueline_dev.now() >= before + DAY
        for wrong in ("3", "d", "3 days", ""):
            with pytest.raises(ValueError, match="no span"):
                await dueline_dev.advance(wrong)
        with pytest.raises(dueline.DuelineError, match="INVALID_ARGUMENT"):
            await dueline_dev.advance(to=before)

    asyncio.run(main())


def processes(text: str) -> list[str]:
    """Those that have a text in their command line; those that are dead have none."""
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if text in line.read_text(errors="replace"):
                found.append(line.parent.name)
        except OSError:
            pass
    return found


@needs_service
@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
def test_nothing_is_left_where_the_test_is_killed() -> None:
    program = """
import json, time
from dueline.testing import DevService
print(json.dumps(DevService().ready), flush=True)
time.sleep(1e6)
"""
    run = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert run.stdout
    ready = json.loads(run.stdout.readline())
    assert Path(ready["dataDir"]).exists() and processes(ready["dataDir"])
    run.kill()
    run.communicate()
    while (
        Path(ready["dataDir"]).exists()
        or processes(ready["dataDir"])
        or str(ready["pid"]) in processes("dev\0--port\0")
    ):
        time.sleep(0.1)
