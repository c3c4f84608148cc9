"""What the drivers in Python share: arguments, jobs, and the account of deliveries."""
import json
import os
import sys
import threading
import time

VERB = sys.argv[1]
A = dict(x.split("=", 1) for x in sys.argv[2:])
N, WN, RATE = int(A.get("n", 1000)), int(A.get("wn", 0)), float(A.get("rate", 0))
BULK = A.get("mode", "bulk") == "bulk"
T0 = float(A.get("t0", 0)) or float(int((time.time() + float(A.get("lead", 5))) * 1000))


def num(key, otherwise):
    return int(A.get(key, otherwise))


def job(i):
    """Id, payload, due time in ms. The first wn= are warm-up, due at 500/s in the seconds before t0;
    then n measured ones at t0 + k/rate."""
    k = i - WN
    due = T0 - 3000 + i * 2 if k < 0 else T0 + k * 1000 / RATE if RATE else T0
    payload = f"{'w' if k < 0 else 'm'}|{i if k < 0 else k:010d}|{due:.3f}|".ljust(100, "x")
    return f"{A.get('tag', 'm')}{i:015d}", payload, due


class Sending:
    """Made before the first job is sent, and told when the last is stored."""

    def __init__(self):
        self.n, self.start, self.c0 = N + WN, time.time(), time.process_time()

    def done(self):
        now = time.time()
        print(json.dumps({"n": self.n, "secs": now - self.start, "spare_ms": T0 - now * 1000,
                          "client_cpu": round(time.process_time() - self.c0, 3)}))


class Account:
    """What was delivered and acknowledged. over is set when all was, and half a second more. cpu says
    the CPU seconds of all processes of the consumer."""

    def __init__(self, cpu=time.process_time):
        self.cpu = cpu
        self.start, self.late, self.seen = time.time(), [], set()
        self.dup = self.early = self.warm = self.done = 0
        self.first = self.t20 = self.last = self.c0 = self.c1 = None
        self.over = threading.Event()

    def delivered(self, payload):
        now = time.time() * 1000
        tag, seq, due, _ = payload.split("|")
        if tag != "m":
            self.warm += 1
        elif seq in self.seen:
            self.dup += 1
        else:
            self.seen.add(seq)
            self.late.append(now - float(due))
            self.early += self.late[-1] < -0.5
            if not self.first:
                self.first, self.c0 = now, self.cpu()
            if len(self.late) == N // 5:
                self.t20 = now

    def acked(self, payload):
        if payload[0] != "m":
            return
        self.done += 1
        if self.done == N:
            self.last, self.c1 = time.time() * 1000, self.cpu()
            threading.Timer(0.5, self.over.set).start()

    def ready(self):
        """Says READY. From now on the end of stdin ends it, too."""
        def read():
            while os.read(0, 4096):  # not sys.stdin, whose lock a forked process would find taken
                pass
            self.over.set()
        threading.Thread(target=read, daemon=True).start()
        print("READY", flush=True)

    def wait(self):
        self.over.wait(float(A.get("deadline", 60)))

    def report(self):
        late, last = sorted(self.late), self.last or time.time() * 1000
        q = lambda f: round(late[int((len(late) - 1) * f)], 2) if late else -1
        steady = (len(late) - N // 5) / ((last - self.t20) / 1000) if self.t20 else 0
        print(json.dumps({
            "n": N, "uniq": len(late), "dup": self.dup, "early": int(self.early), "warm": self.warm,
            "client_cpu": round((self.c1 or self.cpu()) - (self.c0 or 0), 3),
            "secs": (last - (self.first or last)) / 1000, "from_start": last / 1000 - self.start,
            "steady": steady, "p50": q(.5), "p90": q(.9), "p99": q(.99), "max": q(1), "min": q(0)}),
            flush=True)
