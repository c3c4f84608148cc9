#!/usr/bin/env python3
"""What shards, primaries of a Redis Cluster and replicas of the service do to rate and CPU.

    ./mvnw package -DskipTests -Dnative
    python3 bench/shards.py --rounds 3

Service and client are the native binary, which has no JIT whose work would be counted. Each variant
has servers of its own (AOF everysec). Several replicas have one client each, at once, with a queue
of its own; their jobs are counted together. Prints medians, and the range."""
import argparse
import glob
import json
import os
import subprocess
import time
from contextlib import ExitStack

from native import Service, cell
from rig.machine import ROOT, cpu, described, free_port
from rig.servers import Redis

VARIANTS = [  # name, primaries (0: no Cluster), shards, replicas
    ("one Redis, 1 shard", 0, 1, 1),
    ("one Redis, 4 shards", 0, 4, 1),
    ("3 primaries, 1 shard", 3, 1, 1),
    ("3 primaries, 4 shards", 3, 4, 1),
    ("3 primaries, 12 shards", 3, 12, 1),
    ("3 primaries, 4 shards, 2 replicas", 3, 4, 2),
]
LOADS = {
    "schedule": (60_000, ["schedule"]),
    "batch": (200_000, ["batch"]),
    "deliver": (100_000, ["deliver", "--lead", "8s"]),
}


def cluster(primaries, servers):
    """Started and joined, each with its part of the slots."""
    nodes = [Redis("everysec", "--cluster-enabled", "yes", "--cluster-port", str(free_port()))
             for _ in range(primaries)]
    for node in nodes:
        servers.callback(node.stop)
        node.start()
    addresses = [f"127.0.0.1:{n.port}" for n in nodes]
    said = nodes[0].cli("--cluster", "create", *addresses, "--cluster-yes")
    end = time.time() + 30
    while not all("cluster_state:ok" in n.cli("CLUSTER", "INFO") for n in nodes):
        if time.time() > end:
            raise RuntimeError("no cluster: " + said[-500:])
        time.sleep(0.1)
    return nodes


def single(servers):
    redis = Redis()
    servers.callback(redis.stop)
    return [redis.start()]


def run(binary, primaries, shards, replicas):
    with ExitStack() as servers:
        nodes = cluster(primaries, servers) if primaries else single(servers)
        more = {"dueline.queues.shards": shards,
                **({"quarkus.redis.client-type": "cluster"} if primaries else {})}
        services = []
        for _ in range(replicas):
            services.append(Service([binary], nodes[0], more))
            servers.callback(services[-1].stop)
        figures = {}
        for load, (jobs, words) in LOADS.items():
            figures.update(loaded(binary, load, jobs, words, services, nodes))
        return figures


def spent(servers):
    return [cpu(s.proc.pid) for s in servers]


def loaded(binary, load, jobs, words, services, nodes):
    service_before, redis_before = spent(services), spent(nodes)
    clients = [subprocess.Popen(
        [binary, "bench", *words, "--server", f"127.0.0.1:{s.port}",
         "--jobs", str(jobs // len(services)), "--warm-up", "0", "--keep", "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for s in services]
    rate = 0
    for p in clients:
        out, err = p.communicate(timeout=300)
        if p.returncode:
            raise RuntimeError(err)
        rate += json.loads(out)["jobs_per_second"]
    by_node = [now - before for now, before in zip(spent(nodes), redis_before)]
    return {
        f"{load}, jobs/s": rate,
        f"{load}, µs of the service a job":
            (sum(spent(services)) - sum(service_before)) / jobs * 1e6,
        f"{load}, µs of Redis a job": sum(by_node) / jobs * 1e6,
        f"{load}, % of it on the busiest": max(by_node) / sum(by_node) * 100,
    }


def main():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--binary", default=next(iter(glob.glob(f"{ROOT}/target/*-runner")), None))
    a = p.parse_args()
    binary = os.path.abspath(a.binary)
    figures = {name: {} for name, *_ in VARIANTS}
    for _ in range(a.rounds):
        for name, *variant in VARIANTS:
            for key, value in run(binary, *variant).items():
                figures[name].setdefault(key, []).append(value)
    print(described(), "\n")
    rows = list(next(iter(figures.values())))
    print("| |", " | ".join(rows), "|")
    print("|---|" + "---|" * len(rows))
    for name, by_row in figures.items():
        print(f"| {name} |", " | ".join(cell(by_row[row]) for row in rows), "|")


if __name__ == "__main__":
    main()
