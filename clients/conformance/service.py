"""A Redis and three replicas of the service, as processes."""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import shutil
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path

TOKEN = "conformance-0123456789abcdef0123456789abcdef"
PRODUCER_TOKEN = "producer-0123456789abcdef0123456789abcdef0"
REPLICAS = 3

_START_S = 90
_END_S = 30
_ROOT = Path(__file__).parents[2]
_JAVA = ["java", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar"]
_JAR = _ROOT / "target" / "quarkus-app" / "quarkus-run.jar"


# Below the ports that outgoing connections get, so that none takes that of a killed server.
_PORTS = range(15_000, 32_000)


_given: set[int] = set()


def free_port() -> int:
    while True:
        port = random.choice(_PORTS)
        if port in _given:
            continue
        with socket.socket() as sock:
            try:
                sock.bind(("127.0.0.1", port))
                _given.add(port)
                return port
            except OSError:
                continue


def clock_library(scratch: Path) -> Path | None:
    """What sets Redis's clock, and so the service's, apart from the clients'; None without a
    compiler."""
    library = scratch / "clock.so"
    source = Path(__file__).with_name("clock.c")
    if not shutil.which("cc"):
        return None
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", library, source], check=True)
    return library


class Process:
    """A process of the service, started again after it was ended."""

    def __init__(self, command: list[str], log: Path, environment: dict[str, str]) -> None:
        self._command = command
        self._log = log
        self._environment = {**os.environ, **environment}
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment,
            )

    def send(self, what: signal.Signals) -> None:
        if self.is_running:
            self._process.send_signal(what)

    async def end(self, what: signal.Signals = signal.SIGKILL) -> None:
        """Sends the signal and waits for the end, which SIGKILL brings where it does not."""
        if not self.is_running:
            return
        self.send(what)
        try:
            await asyncio.wait_for(self._process.wait(), _END_S)
        except asyncio.TimeoutError:
            self.send(signal.SIGKILL)
            await self._process.wait()

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None


class Replica(Process):
    """One replica of the service, at an address of loopback; port 0: one that is free."""

    def __init__(
        self, name: str, redis_port: int, scratch: Path, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        self.host, self.port = host, port or free_port()
        self.management_port = free_port()
        settings = {
            "quarkus.grpc.server.host": self.host,
            "quarkus.grpc.server.port": self.port,
            "quarkus.management.port": self.management_port,
            "quarkus.redis.hosts": f"redis://127.0.0.1:{redis_port}",
            **_principal("conformance", TOKEN, "schedule", "watch", "operate"),
            **_principal("producer", PRODUCER_TOKEN, "schedule"),
        }
        definitions = [f"-D{key}={value}" for key, value in settings.items()]
        binary = os.environ.get("DUELINE_BINARY")
        command = (
            [binary, *definitions] if binary else [_JAVA[0], *definitions, *_JAVA[1:], str(_jar())]
        )
        super().__init__(command, scratch / f"replica-{name}.log", {})

    async def start_ready(self) -> None:
        """Starts it, and waits until it takes calls."""
        await self.start()
        await self.ready()

    async def ready(self) -> None:
        url = f"http://127.0.0.1:{self.management_port}/q/health/ready"
        for _ in range(_START_S * 10):
            if not self.is_running:
                raise RuntimeError(f"a replica has ended: {self._log}")
            if await asyncio.to_thread(_answers, url):
                return
            await asyncio.sleep(0.1)
        raise RuntimeError(f"a replica is not ready after {_START_S} s: {self._log}")


class Service:
    """All of it."""

    def __init__(self, scratch: Path, clock_offset_s: int) -> None:
        """``clock_offset_s``: how far Redis's clock is ahead of the clients'; 0 without a
        compiler."""
        library = clock_library(scratch) if clock_offset_s else None
        self.clock_offset_s = clock_offset_s if library else 0
        clock = {"LD_PRELOAD": str(library), "CLOCK_OFFSET_S": str(clock_offset_s)}
        port = free_port()
        self._scratch, self._redis_port = scratch, port
        redis = [os.environ.get("REDIS_SERVER", "redis-server"), "--port", str(port)]
        redis += ["--bind", "127.0.0.1", "--save", "", "--dir", str(scratch)]
        # Its thread waits until a time of the wall clock, which is another here: it would spin.
        redis += ["--jemalloc-bg-thread", "no"]
        self._redis = Process(redis, scratch / "redis.log", clock if library else {})
        self.replicas = [Replica(str(i), port, scratch) for i in range(REPLICAS)]

    async def start(self) -> None:
        await self._redis.start()
        await asyncio.gather(*(replica.start_ready() for replica in self.replicas))

    def replica(self, host: str, port: int) -> Replica:
        """A further one, to be started and ended by the caller."""
        return Replica(host, self._redis_port, self._scratch, host, port)

    @property
    def has_clock_offset(self) -> bool:
        return self.clock_offset_s != 0

    async def end(self) -> None:
        for process in (*self.replicas, self._redis):
            await process.end()


def _principal(name: str, token: str, *permissions: str) -> dict[str, str]:
    key = f'dueline.security.principals."{name}"'
    digest = hashlib.sha256(token.encode()).hexdigest()
    return {f"{key}.token-sha256": digest, **{f"{key}.{each}": "*" for each in permissions}}


def _jar() -> Path:
    jar = Path(os.environ.get("DUELINE_JAR", _JAR))
    if not jar.exists():
        raise SystemExit(f"{jar} is missing: ./mvnw package -DskipTests, or set DUELINE_JAR")
    if not shutil.which("java"):
        raise SystemExit("java is missing")
    return jar


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except OSError:
        return False
