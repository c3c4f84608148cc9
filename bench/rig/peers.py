"""The table of peers: the driver of each, its server, how many jobs, and what it sits out."""
import sys
from dataclasses import dataclass, field
from typing import Callable

from rig.machine import BENCH
from rig.servers import Beanstalkd, Dueline, Postgres, Redis

MEASURES = ["m1s", "m1b", "m2", "m2b", "m3", "m3p", "m3h", "m4", "m5", "m6"]
BY_FEW = {"m3p", "m3h", "m6"}  # measured only for peers that say so
PEERS_JAR = f"{BENCH}/jvm/target/peers-jvm-1.jar"
JVM = ["java", "-Xmx2g", "-cp", f"{PEERS_JAR}:{BENCH}/jvm/target/lib/*"]
CLIENT = f"{BENCH}/jvm/target/lib/dueline-client-0.1.0-SNAPSHOT.jar:{BENCH}/jvm/target/client/*"


@dataclass
class Peer:
    command: Callable  # of a verb and its arguments
    server: Callable
    n: dict  # jobs, by measure
    lead: int = 2  # s from the start of loading to the due time, in m2
    settle: int = 1  # s until a consumer that said READY is idle
    sched: str = ""  # more arguments for the driver
    consume: str = ""
    env: str = ""  # the variable that has the consumer's arguments, where the command line cannot
    m3lead: int = 8  # as lead, in m3
    skip: tuple = ()
    also: tuple = field(default=())  # of BY_FEW
    calm: int = 8  # s of idling before m5 counts
    rehearsal: int = 0  # jobs delivered before m2 and m3 by another consumer
    warmer: str = ""  # the peer whose drivers warm the server up, where its own are too slow for that

    @property
    def warmup(self):
        """Jobs that the driver schedules before those that m1s and m1b measure."""
        return next((int(a[7:]) for a in self.sched.split() if a.startswith("warmup=")), 0)

    def takes(self, measure):
        return measure not in self.skip and (measure not in BY_FEW or measure in self.also)


def driver(*a):
    return lambda verb, args: [*a, verb, *args]


def go(name):
    return driver(f"{BENCH}/go/build/{name}")


def sidekiq(verb, args):
    script = f"{BENCH}/ruby/sidekiq_driver.rb"
    if verb == "sched":
        return ["ruby", script, "sched", *args]
    return ["sidekiq", "-c", "25", "-q", "default", "-e", "production", "-r", script]


RAW = driver(f"{BENCH}/c/build/raw")
BEAN = driver(f"{BENCH}/c/build/beanstalk")
NAIVE = driver(sys.executable, f"{BENCH}/python/naive.py")
BULL = driver("node", "--no-warnings", f"{BENCH}/node/bullmq.mjs")
REDISSON = driver(*JVM, "peers.RedissonDriver")
DBS = driver(*JVM, "peers.DbSchedulerDriver")
JR = driver(*JVM, "peers.JobRunrDriver")
DUELINE = driver(*JVM, "peers.DuelineDriver")
EMPTY_CALL = driver(*JVM, "peers.EmptyCallDriver")
ASYNQ = go("asynq")
RIVER = go("river")
DUELINE_GO = go("dueline")
DUELINE_JAVA = driver("java", "-Xmx2g", "-cp", f"{PEERS_JAR}:{CLIENT}", "peers.DuelineClientDriver")
VENV = f"{BENCH}/python/venv/bin/python"
DUELINE_PYTHON = driver(VENV, f"{BENCH}/python/dueline_driver.py")
RQ = driver(VENV, f"{BENCH}/python/rq_driver.py")
DUELINE_NODE = driver("node", "--no-warnings", f"{BENCH}/node/dueline.mjs")


def N(m1s, m1b, m2):
    return {"m1s": m1s, "m1b": m1b, "m2": m2}


PEERS = {
    "dueline": Peer(
        DUELINE, Dueline, N(200_000, 300_000, 300_000), lead=20, settle=2, m3lead=12,
        sched="warmup=300000", rehearsal=150_000, also=("m3h", "m6")),
    "dueline-c1": Peer(
        DUELINE, lambda: Dueline("-XX:TieredStopAtLevel=1"), N(200_000, 300_000, 300_000),
        lead=20, settle=2, m3lead=12, sched="warmup=300000", rehearsal=150_000, also=("m3h",),
        skip=("m2b", "m4", "m5")),
    "dueline-go": Peer(
        DUELINE_GO, Dueline, N(150_000, 200_000, 200_000), lead=20, settle=2, m3lead=12,
        warmer="dueline", skip=("m4",)),
    "dueline-java": Peer(
        DUELINE_JAVA, Dueline, N(150_000, 200_000, 200_000), lead=20, settle=2, m3lead=12,
        sched="warmup=100000", warmer="dueline", skip=("m4",)),
    "dueline-node": Peer(
        DUELINE_NODE, Dueline, N(50_000, 100_000, 100_000), lead=20, settle=2, m3lead=12,
        warmer="dueline", skip=("m4",)),
    "dueline-python": Peer(
        DUELINE_PYTHON, Dueline, N(20_000, 40_000, 40_000), lead=20, settle=2, m3lead=12,
        warmer="dueline", skip=("m4",)),
    "empty-call": Peer(
        EMPTY_CALL, Dueline, N(200_000, 0, 0), sched="warmup=300000",
        skip=("m1b", "m2", "m2b", "m3", "m4", "m5")),
    "raw-zset": Peer(
        RAW, Redis, N(200_000, 500_000, 500_000), lead=8, sched="v=zset", consume="v=zset",
        skip=("m2b", "m3")),
    "raw-lua": Peer(
        RAW, Redis, N(200_000, 300_000, 300_000), lead=8, sched="v=lua", consume="v=lua",
        also=("m3h", "m6")),
    "raw-lua-always": Peer(
        RAW, lambda: Redis("always"), N(20_000, 150_000, 150_000), lead=8, sched="v=lua",
        consume="v=lua", skip=("m2b", "m3", "m4", "m5")),
    "naive-loop": Peer(NAIVE, Redis, N(30_000, 100_000, 50_000), lead=6, consume="v=loop"),
    "naive-lua1": Peer(
        NAIVE, Redis, N(30_000, 100_000, 50_000), lead=6, consume="v=lua1",
        skip=("m1s", "m1b", "m4")),
    "beanstalkd": Peer(BEAN, Beanstalkd, N(200_000, 300_000, 300_000), lead=8, also=("m3p",)),
    "beanstalkd-b": Peer(
        BEAN, lambda: Beanstalkd("-b", "DIR"), N(150_000, 200_000, 200_000), lead=8,
        also=("m3p",)),
    "beanstalkd-b-f0": Peer(
        BEAN, lambda: Beanstalkd("-b", "DIR", "-f", "0"), N(10_000, 10_000, 10_000), lead=10,
        skip=("m2b", "m3", "m4", "m5")),
    "bullmq": Peer(BULL, Redis, N(20_000, 30_000, 30_000), lead=12),
    "bullmq-hz100": Peer(
        BULL, lambda: Redis("everysec", "--hz", "100"), N(0, 0, 0), lead=12,
        skip=("m1s", "m1b", "m2", "m2b", "m4")),
    "asynq": Peer(
        ASYNQ, Redis, N(30_000, 0, 30_000), lead=12, settle=2, skip=("m1b",)),
    "asynq-100ms": Peer(
        ASYNQ, Redis, N(0, 0, 30_000), lead=12, settle=2, consume="check_ms=100 idle_ms=100",
        skip=("m1s", "m1b", "m2b", "m4")),
    "redisson": Peer(
        REDISSON, Redis, N(30_000, 40_000, 30_000), lead=15, settle=3, m3lead=12,
        sched="warmup=30000"),
    "sidekiq": Peer(
        sidekiq, Redis, N(20_000, 60_000, 20_000), lead=5, settle=16, env="PEER_ARGS",
        consume="poll=0"),
    "sidekiq-1s": Peer(
        sidekiq, Redis, N(0, 0, 0), lead=5, settle=16, env="PEER_ARGS", consume="poll=1",
        skip=("m1s", "m1b", "m2", "m2b", "m4")),
    "rq": Peer(RQ, Redis, N(10_000, 20_000, 5_000), lead=14, settle=5, m3lead=14),
    "db-scheduler": Peer(
        DBS, Postgres, N(15_000, 40_000, 20_000), lead=10, settle=4, m3lead=14,
        sched="warmup=3000", consume="poll_ms=10000"),
    "db-scheduler-100ms": Peer(
        DBS, Postgres, N(0, 0, 0), settle=4, m3lead=14, consume="poll_ms=100",
        skip=("m1s", "m1b", "m2", "m2b", "m4")),
    "db-scheduler-async": Peer(
        DBS, lambda: Postgres("synchronous_commit=off"), N(20_000, 40_000, 20_000), lead=10,
        settle=4, sched="warmup=3000", consume="poll_ms=100", skip=("m2b", "m3", "m4", "m5")),
    "river": Peer(
        RIVER, Postgres, N(15_000, 60_000, 20_000), lead=10, settle=6, m3lead=14),
    "river-fast": Peer(
        RIVER, Postgres, N(0, 0, 40_000), lead=10, settle=6, m3lead=14,
        consume="workers=2000 cooldown_ms=2 poll_ms=20", skip=("m1s", "m1b", "m4")),
    "jobrunr": Peer(
        JR, Postgres, N(6_000, 20_000, 8_000), lead=10, settle=6, m3lead=16,
        sched="warmup=2000", consume="poll_ms=15000", calm=100, skip=("m2b",)),
    "jobrunr-5s": Peer(
        JR, Postgres, N(0, 0, 8_000), lead=10, settle=6, m3lead=16, consume="poll_ms=5000",
        calm=100, skip=("m1s", "m1b", "m2b", "m4")),
}
