"""Tries the client libraries of all languages alike. See README.md beside this file."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

import cases_calls  # noqa: F401
import cases_faults  # noqa: F401
import cases_work  # noqa: F401
import outages
import rolling
from case import CASES, Case, Language, Part, Stage
from names import Names
from program import Failed
from service import Service

ROOT = Path(__file__).parents[2]
# Of a machine that has much else to do.
CASE_S = 600
SHOWN_EVENTS = 15
PASSED, SKIPPED = "yes", "left out"

Table = dict[tuple[str, str], str]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Tries the client libraries of all languages.")
    found = sorted(path.parent.name for path in ROOT.glob("clients/*/conformance.json"))
    parser.add_argument("--languages", default=",".join(found), help="default: %(default)s")
    parser.add_argument("--cases", default="", metavar="TEXT",
                        help="only those whose title has this text; all outages where one's has")  # fmt: skip
    parser.add_argument("--at-once", type=int, default=1, help="cases at once (%(default)s)")
    parser.add_argument("--no-outages", action="store_true", help="break no replicas")
    parser.add_argument("--update", action="store_true",
                        help="also replace all replicas, on a quiet machine")  # fmt: skip
    parser.add_argument("--long", action="store_true", help="ten rounds of outages, and of cases")
    parser.add_argument("--clock", type=int, default=-3600, metavar="SECONDS",
                        help="Redis's clock is ahead of the clients' by (%(default)s)")  # fmt: skip
    parser.add_argument("--table", type=Path, metavar="FILE", help="writes the results there")
    parser.add_argument("--built", action="store_true", help="the programs are, in --keep")
    parser.add_argument(
        "--keep", type=Path, metavar="DIRECTORY", help="for logs, events and builds"
    )
    return parser.parse_args()


def shell(line: str, scratch: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SCRATCH": str(scratch)}
    return subprocess.run(
        ["bash", "-c", line], cwd=ROOT, env=environment, capture_output=True, text=True
    )


def prepare(name: str, scratch: Path, is_built: bool) -> tuple[Language | None, str]:
    """A language whose program is built; or none, and why it is left out, or failed."""
    told = json.loads((ROOT / "clients" / name / "conformance.json").read_text())
    scratch.mkdir(parents=True, exist_ok=True)
    if shell(told["needs"], scratch).returncode != 0:
        return None, SKIPPED
    language = Language(name, told["run"], scratch, told.get("has_hosts_file", False))
    if is_built:
        return language, PASSED
    began = time.monotonic()
    built = shell(told["build"], scratch)
    if built.returncode != 0:
        print(built.stdout[-2000:], built.stderr[-4000:], sep="\n")
        return None, "does not build"
    print(f"{name}: built in {time.monotonic() - began:.0f} s", flush=True)
    return language, PASSED


async def play(case: Case, stage: Stage) -> str:
    if case.needs_clock and not stage.service.has_clock_offset:
        return SKIPPED
    try:
        await stage.open()
        await asyncio.wait_for(case.play(stage), CASE_S)
        return PASSED
    except Failed as failure:
        return str(failure)
    except asyncio.TimeoutError:
        return f"not done in {CASE_S} s"
    except Exception as error:
        traceback.print_exc()
        return f"{type(error).__name__}: {error}"
    finally:
        await stage.close()


def told(result: str, stage: Stage) -> None:
    """Shows the last that the programs of a case told, where it failed."""
    if result in (PASSED, SKIPPED):
        return
    for path in stage.event_files:
        print(f"  {path}, its end:")
        for line in path.read_text().splitlines()[-SHOWN_EVENTS:]:
            print(f"    {line}")


class Run:
    """All cases of all languages against one service."""

    def __init__(self, options: argparse.Namespace, languages: list[Language], scratch: Path):
        self._options = options
        self._languages = languages
        self._scratch = scratch
        self._service = Service(scratch, options.clock)
        self.table: Table = {}

    async def all(self) -> None:
        stop = asyncio.current_task().cancel
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)
        try:
            await self._service.start()
            rounds = 10 if self._options.long else 1
            for _ in range(rounds):
                await self._side_by_side()
            if not self._options.no_outages and self._has(outages.TITLES):
                await self._outages(rounds)
            is_named = self._options.cases and self._has([rolling.TITLE])
            if self._options.update or is_named:
                await self._update()
        finally:
            await self._service.end()

    async def _side_by_side(self) -> None:
        room = asyncio.Semaphore(self._options.at_once)

        async def one(case: Case, language: Language) -> None:
            async with room:
                began = time.monotonic()
                stage = Stage(language, self._service)
                result = await play(case, stage)
            self._enter(case.title, language, result, time.monotonic() - began)
            told(result, stage)

        chosen = [case for case in CASES if self._options.cases in case.title]
        await asyncio.gather(*(one(case, each) for case in chosen for each in self._languages))

    async def _outages(self, rounds: int) -> None:
        stages = [Stage(language, self._service) for language in self._languages]
        loads = await outages.endure(self._service, stages, rounds)
        self._enter_all(loads, outages.TITLES)

    async def _update(self) -> None:
        stages = [Stage(language, self._service) for language in self._languages]
        names = Names(self._scratch / "hosts")
        self._enter_all(await rolling.update(self._service, stages, names), [rolling.TITLE])

    def _has(self, titles: list[str]) -> bool:
        """Whether any of these is to be played."""
        return any(self._options.cases in title for title in titles)

    def _enter_all(self, parts: Sequence[Part], titles: list[str]) -> None:
        for part in parts:
            for title in titles:
                result = part.failures.get(title, PASSED)
                self._enter(title, part.stage.language, result, part.seconds[title])
            told(next(iter(part.failures.values()), PASSED), part.stage)

    def _enter(self, title: str, language: Language, result: str, seconds: float) -> None:
        key = (title, language.name)
        if self.table.get(key, PASSED) in (PASSED, SKIPPED):
            self.table[key] = result
        print(f"{language.name}: {title}: {result} ({seconds:.0f} s)", flush=True)


def written(table: Table, names: list[str], left_out: dict[str, str]) -> str:
    """The table as Markdown."""
    lines = ["| Case | " + " | ".join(names) + " |", "|---|" + "---|" * len(names)]
    for title in dict.fromkeys(title for title, _ in table):
        cells = [table.get((title, name), left_out.get(name, SKIPPED)) for name in names]
        shown = [cell if cell in (PASSED, SKIPPED) else "**no**" for cell in cells]
        lines.append(f"| {title} | " + " | ".join(shown) + " |")
    return "\n".join(lines) + "\n"


HEAD = """# Conformance
What `python clients/conformance/run.py --table docs/clients/conformance.md` found: each case is \
played by each library, driven by [one runner](../../clients/conformance/README.md) against three \
replicas. In all of them the clock of the service is an hour off the clients'.

"""


def main() -> int:
    options = arguments()
    names = [name for name in options.languages.split(",") if name]
    scratch = (options.keep or Path(tempfile.mkdtemp(prefix="conformance-"))).absolute()
    scratch.mkdir(parents=True, exist_ok=True)
    prepared = {name: prepare(name, scratch / name, options.built) for name in names}
    languages = [language for language, _ in prepared.values() if language]
    left_out = {name: why for name, (language, why) in prepared.items() if not language}
    run = Run(options, languages, scratch)
    if languages:
        asyncio.run(run.all())
    if options.table:
        options.table.write_text(HEAD + written(run.table, names, left_out))
    failed = verdict(run.table, left_out)
    if failed:
        print(f"logs and events: {scratch}")
    elif not options.keep:
        shutil.rmtree(scratch, ignore_errors=True)
    return failed


def verdict(table: Table, left_out: dict[str, str]) -> int:
    for name, why in left_out.items():
        print(f"{name}: {why}" + (", its toolchain is not here" if why == SKIPPED else ""))
    results = list(table.values())
    skipped = results.count(SKIPPED)
    failed = len(results) - results.count(PASSED) - skipped
    failed += sum(why != SKIPPED for why in left_out.values())
    for (title, name), result in table.items():
        if result not in (PASSED, SKIPPED):
            print(f"FAILED {name}: {title}: {result}")
    print(f"{results.count(PASSED)} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
