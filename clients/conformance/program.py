"""The program of one language, driven by lines of JSON."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Fields = dict[str, Any]

TIMEOUT_S = 90.0
_MAX_LINE = 1 << 20
_ROOT = Path(__file__).parents[2]


class Failed(AssertionError):
    """A promise that is not kept."""


class Refused(Exception):
    """A reply that is an error."""

    def __init__(self, error: Fields) -> None:
        super().__init__(f"{error['code']} {error['reason']}: {error['message']}")
        self.code, self.reason = error["code"], error["reason"]


class Program:
    """One process. Its events are kept in order, with ``at``: seconds of the monotonic clock."""

    def __init__(
        self, command: str, environment: dict[str, str], log: Path, event_file: Path
    ) -> None:
        self._command = command
        self._environment = {**os.environ, **environment}
        self._log = log
        #: Where its events are kept once it has ended.
        self.event_file = event_file
        self._ids = itertools.count(1)
        self._replies: dict[int, asyncio.Future[Fields]] = {}
        self._news = asyncio.Condition()
        self.events: list[Fields] = []
        #: The same by job, where they have one.
        self.jobs: dict[str, list[Fields]] = {}
        #: Jobs that have ended as acked, or as lost to a repeated ack.
        self.done: set[str] = set()

    async def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *("bash", "-c", self._command),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env=self._environment,
                cwd=_ROOT,
                limit=_MAX_LINE,
            )
        self._reading = asyncio.create_task(self._read())

    async def do(self, command: str, *, within: float = TIMEOUT_S, **fields: Any) -> Fields:
        """Sends a command and waits for its reply; raises Refused where that is an error."""
        return await self.answer(self.begin(command, **fields), within)

    def begin(self, command: str, **fields: Any) -> asyncio.Future[Fields]:
        """Sends a command; its reply comes later."""
        number = next(self._ids)
        reply = asyncio.get_running_loop().create_future()
        self._replies[number] = reply
        line = json.dumps({"id": number, "do": command, **fields}, ensure_ascii=False)
        self._process.stdin.write(line.encode() + b"\n")
        reply.command = command
        return reply

    async def answer(self, reply: asyncio.Future[Fields], within: float = TIMEOUT_S) -> Fields:
        try:
            fields = await asyncio.wait_for(reply, within)
        except asyncio.TimeoutError:
            raise Failed(f"{reply.command} has no reply after {within:g} s") from None
        if fields.get("error"):
            raise Refused(fields["error"])
        return fields

    async def until(self, what: str, holds: Callable[[], bool], within: float = TIMEOUT_S) -> None:
        """Waits until something holds of the events; ``what`` says so where it does not."""
        end = time.monotonic() + within
        async with self._news:
            while not holds():
                try:
                    await asyncio.wait_for(self._news.wait(), end - time.monotonic())
                except asyncio.TimeoutError:
                    if not holds():
                        raise Failed(f"not after {within:g} s: {what}") from None

    async def event(self, event: str, *, within: float = TIMEOUT_S, **fields: Any) -> Fields:
        """The first event with these fields, come or to come."""
        what = f"{event} {fields or ''}"
        await self.until(what, lambda: bool(self.of(event, **fields)), within)
        return self.of(event, **fields)[0]

    def of(self, event: str, **fields: Any) -> list[Fields]:
        """The events so far with these fields."""
        wanted = {"event": event, **fields}
        return [e for e in self.events if all(e.get(k) == v for k, v in wanted.items())]

    async def end(self) -> None:
        """Ends its input, and after a while the process."""
        self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), 10)
        except asyncio.TimeoutError:
            self._process.kill()
            await self._process.wait()
        await self._reading
        with self.event_file.open("w") as log:
            log.writelines(json.dumps(event, ensure_ascii=False) + "\n" for event in self.events)

    async def _read(self) -> None:
        try:
            async for line in self._process.stdout:
                await self._take(json.loads(line))
            gone = Failed("the program has ended")
        except ValueError as error:
            gone = Failed(f"the program wrote what is no line of JSON: {error}")
            self._process.kill()
        for reply in self._replies.values():
            if not reply.done():
                reply.set_exception(gone)

    async def _take(self, line: Fields) -> None:
        if "reply" in line:
            reply = self._replies.pop(line["reply"])
            if not reply.done():
                reply.set_result(line)
            return
        event = {**line, "at": time.monotonic()}
        if "job_id" in event:
            self.jobs.setdefault(event["job_id"], []).append(event)
        if event["event"] == "finished" and event["outcome"] in ("acked", "lost"):
            self.done.add(event["job_id"])
        async with self._news:
            self.events.append(event)
            self._news.notify_all()
