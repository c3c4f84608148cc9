#!/usr/bin/env python3
"""The service as a native binary beside the same on a JVM: start, memory, throughput, lateness.

    ./mvnw package -DskipTests && ./mvnw package -DskipTests -Dnative
    python3 bench/native.py --rounds 3
    python3 bench/native.py --rounds 5 --starts 1 --loads "lateness at 500/s"    # just started

Rounds are pairs, one after the other, each service on a Redis of its own (AOF everysec); the client
is `dueline bench` of the binary for both. Prints a table of medians, and the range."""
import argparse
import glob
import json
import os
import statistics
import subprocess
import time
import urllib.error
import urllib.request

from rig import machine
from rig.machine import ROOT, cpu, described, free_port, rss, session
from rig.servers import Redis

JAR = f"{ROOT}/target/quarkus-app/quarkus-run.jar"
LATENESS = [(500, "3s"), (5_000, "5s"), (20_000, "15s")]  # jobs a second, time to schedule them in
LOADS = {
    "schedule": ["schedule", "--jobs", "100000"],
    "batch": ["batch", "--jobs", "200000"],
    "deliver": ["deliver", "--jobs", "100000", "--lead", "8s"],
    **{f"lateness at {rate:,}/s":
       ["lateness", "--rate", str(rate), "--duration", "10s", "--lead", lead]
       for rate, lead in LATENESS},
}
FIGURES = [  # of a load: its name, the key in what the client prints
    ("schedule", "jobs_per_second"), ("batch", "jobs_per_second"), ("deliver", "jobs_per_second"),
    *[(f"lateness at {rate:,}/s", p) for rate, _ in LATENESS for p in ("p50_ms", "p99_ms")]]


class Service:
    def __init__(self, command, redis, more=None):
        self.port, self.http = free_port(), free_port()
        settings = {"quarkus.redis.hosts": f"redis://127.0.0.1:{redis.port}",
                    "quarkus.grpc.server.port": self.port,
                    "quarkus.http.port": self.http, "quarkus.management.port": self.http,
                    **(more or {})}
        command = [*command[:1], *[f"-D{k}={v}" for k, v in settings.items()], *command[1:]]
        self.log = open(os.path.join(redis.dir, "service.log"), "w")
        begin = time.perf_counter()
        self.proc = subprocess.Popen(command, stdout=self.log, stderr=self.log, cwd=redis.dir,
                                     preexec_fn=session)
        while not self.up():
            if self.proc.poll() is not None:
                raise RuntimeError(open(self.log.name).read()[-2000:])
            time.sleep(0.001)
        self.ready_ms = (time.perf_counter() - begin) * 1000

    def up(self):
        try:
            url = f"http://127.0.0.1:{self.http}/q/health/ready"
            with urllib.request.urlopen(url, timeout=5) as r:
                return r.status == 200
        except (OSError, urllib.error.URLError):
            return False

    def peak(self):
        with open(f"/proc/{self.proc.pid}/status") as f:
            return next(int(x.split()[1]) * 1024 for x in f if x.startswith("VmHWM"))

    def stop(self):
        self.proc.terminate()
        self.proc.wait(30)
        self.log.close()


def once(command, client, starts, idle_s, loads):
    figures = {}
    for i in range(starts):
        redis = Redis().start()
        service = Service(command, redis)
        figures.setdefault("ready, ms", []).append(service.ready_ms)
        if i == starts - 1:
            time.sleep(idle_s)
            figures["resident when idle, MB"] = [rss(service.proc.pid) / 1e6]
            figures.update(loaded(service, client, loads) if loads else {})
        service.stop()
        redis.stop()
    return figures


def loaded(service, client, loads):
    figures = {}
    for name in loads:
        before = cpu(service.proc.pid)
        out = subprocess.run([*client, "--server", f"127.0.0.1:{service.port}", "bench",
                              *LOADS[name], "--json"], capture_output=True, text=True, timeout=300)
        if out.returncode:
            raise RuntimeError(out.stderr)
        said = json.loads(out.stdout)
        for load, key in FIGURES:
            if load == name:
                figures[f"{load}, {key}"] = [said[key]]
        figures[f"{name}, CPU of the service, s"] = [cpu(service.proc.pid) - before]
    figures["resident at most, MB"] = [service.peak() / 1e6]
    return figures


def cell(values):
    few = max(values) < 100
    text = [f"{x:,.1f}" if few else f"{x:,.0f}"
            for x in (statistics.median(values), min(values), max(values))]
    return text[0] if len(values) == 1 else f"{text[0]} ({text[1]}–{text[2]})"


def main():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--starts", type=int, default=5, help="starts in a round; the last is loaded")
    p.add_argument("--idle", type=float, default=10, help="seconds until the idle one is weighed")
    p.add_argument("--loads", nargs="*", choices=LOADS, default=list(LOADS), metavar="LOAD",
                   help="which, in this order; the first meets a service that has done nothing yet")
    p.add_argument("--unloaded", action="store_true", help="only start, and weigh when idle")
    p.add_argument("--priority", type=int, default=0, help="below 0: first on a busy machine (root)")
    p.add_argument("--binary", default=next(iter(glob.glob(f"{ROOT}/target/*-runner")), None))
    p.add_argument("--jar", default=JAR)
    p.add_argument("--also", nargs="*", default=[], metavar="NAME=COMMAND",
                   help="more variants, such as 'c1=java -Xmx1g -XX:TieredStopAtLevel=1 -jar PATH'")
    a = p.parse_args()
    machine.priority = a.priority
    if a.priority:
        os.setpriority(os.PRIO_PROCESS, 0, a.priority)  # who waits for the service, too
    binary = os.path.abspath(a.binary)
    variants = {
        "JVM": ["java", "-Xmx1g", "-XX:+UseSerialGC", "-jar", os.path.abspath(a.jar)],
        "native": [binary],
        **{name: command.split() for name, command in (x.split("=", 1) for x in a.also)}}
    figures = {name: {} for name in variants}
    for _ in range(a.rounds):
        for name, command in variants.items():
            for key, values in once(command, [binary], a.starts, a.idle,
                                    [] if a.unloaded else a.loads).items():
                figures[name].setdefault(key, []).extend(values)
    print(described(), f"binary of {os.path.getsize(binary) / 1e6:.0f} MB", sep=", ")
    print("\n| |", " | ".join(variants), "|")
    print("|---|" + "---|" * len(variants))
    for key in figures["native"]:
        print(f"| {key} |", " | ".join(cell(figures[name][key]) for name in variants), "|")


if __name__ == "__main__":
    main()
