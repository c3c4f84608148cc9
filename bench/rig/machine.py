"""The machine: free ports, CPU time and memory of processes, and how busy it is just now."""
import os
import re
import socket
import subprocess
import time

BENCH = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(BENCH)
TICK = os.sysconf("SC_CLK_TCK")

REDIS = os.environ.get("PEERS_REDIS", "redis-server")  # or valkey-server

priority = 0  # of the measure under way; below 0: it goes first


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def stat(pid):
    with open(f"/proc/{pid}/stat") as f:
        return f.read().rsplit(")", 1)[1].split()


def tree(pid):
    kids = {}
    for d in os.listdir("/proc"):
        if d.isdigit():
            try:
                kids.setdefault(int(stat(d)[1]), []).append(int(d))
            except OSError:
                pass
    out, todo = [], [pid]
    while todo:
        p = todo.pop()
        out.append(p)
        todo += kids.get(p, [])
    return out


def cpu(pid):
    """CPU seconds of a process, its reaped children and its living descendants."""
    total = 0.0
    for p in tree(pid):
        try:
            # clock_getcpuclockid(p): to the nanosecond, where stat has it in ticks of 10 ms.
            total += time.clock_gettime((~p << 3) | 2)
            total += sum(int(x) for x in stat(p)[13:15]) / TICK
        except OSError:
            pass
    return total


def rss(pid):
    with open(f"/proc/{pid}/status") as f:
        return next(int(x.split()[1]) * 1024 for x in f if x.startswith("VmRSS"))


def ticks():
    with open("/proc/stat") as f:
        v = [int(x) for x in f.readline().split()[1:]]
    return {"steal": v[7], "nice": v[1], "total": sum(v[:8]), "idle": v[3] + v[4]}


def spin():
    """A fixed piece of work: how slow is the machine just now?"""
    t = time.perf_counter()
    s = 0
    for i in range(2_000_000):
        s += i & 7
    return round((time.perf_counter() - t) * 1000, 1)


def session():
    """Gives each process that we start its own session, hence its own share of the CPU where the
    kernel groups by session (sched_autogroup); with a priority below 0 (lateness only: little CPU,
    but it must be prompt) that session goes first."""
    os.setsid()
    if priority:
        try:
            os.setpriority(os.PRIO_PROCESS, 0, priority)
            with open("/proc/self/autogroup", "w") as f:
                f.write(str(priority))
        except OSError:
            pass


def described():
    """One line: what was measured, and on what. No paths, no names of machines."""
    def said(*command, pattern):
        try:
            p = subprocess.run(command, capture_output=True, text=True, timeout=30, cwd=ROOT)
        except OSError:
            return "none"
        found = re.search(pattern, p.stdout + p.stderr)
        return found[1] if found else "unknown"

    with open("/proc/meminfo") as f:
        memory = int(f.readline().split()[1]) / 2**20
    with open("/proc/cpuinfo") as f:
        model = re.search(r"model name\s*: (.*)", f.read())
    return ", ".join([
        f"{os.cpu_count()} cores" + (f" ({model[1]})" if model else ""),
        f"{memory:.0f} GiB",
        f"Linux {os.uname().release}",
        "Java " + said("java", "-version", pattern=r'version "([^"]*)"'),
        said(REDIS, "--version", pattern=r"(\S+ server v=\S+)").replace(" server v=", " "),
        "Dueline " + said("git", "describe", "--always", "--dirty", pattern=r"(\S+)")])
