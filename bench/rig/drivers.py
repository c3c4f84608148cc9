"""The drivers: a peer's client in a process of its own, told what to do by arguments."""
import json
import os
import subprocess
import threading
import time

from rig.machine import session

TIMEOUT_S = 150  # any one driver that schedules


class Consumer:
    """Takes jobs until n of them are acknowledged, the deadline passes, or it is told to end."""

    def __init__(self, peer, server, n, deadline):
        args = [f"port={server.port}", f"n={n}", f"deadline={deadline}", *peer.consume.split()]
        env = dict(os.environ)
        if peer.env:
            env[peer.env] = " ".join(args)
        self.err = open(os.path.join(server.dir, "consumer.err"), "w+")
        self.p = subprocess.Popen(
            peer.command("consume", args), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self.err, text=True, env=env, cwd=server.dir, preexec_fn=session)
        self.deadline = time.time() + deadline + 60
        line = self.p.stdout.readline()
        if line.strip() != "READY":
            said = self.said()
            self.kill()
            raise RuntimeError("consumer: " + line + said[-800:])

    def said(self):
        self.err.seek(0)
        return self.err.read()

    def result(self):
        killer = threading.Timer(max(1, self.deadline - time.time()), self.p.kill)
        killer.start()
        out = self.p.stdout.read().strip().splitlines()
        self.p.wait()
        killer.cancel()
        if not out:
            raise RuntimeError("consumer said nothing: " + self.said()[-800:])
        r = json.loads(out[-1])
        e = self.said().strip()
        if e:
            r["stderr"] = e[:200]
        return r

    def kill(self):
        if self.p.poll() is None:
            self.p.kill()
            self.p.wait()


def sched(peer, server, n, mode, warm=None, timeout=TIMEOUT_S, **more):
    """Schedules n jobs. Where the peer has a warm-up and warm is given, warm is called when the
    warm-up is over, if the driver says when that is."""
    args = [f"port={server.port}", f"n={n}", f"mode={mode}",
            *[a for a in peer.sched.split() if warm or not a.startswith("warmup=")],
            *[f"{k}={v}" for k, v in more.items()]]
    err = open(os.path.join(server.dir, "sched.err"), "w+")
    p = subprocess.Popen(peer.command("sched", args), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                         stderr=err, text=True, cwd=server.dir, preexec_fn=session)
    killer = threading.Timer(timeout, p.kill)
    killer.start()
    out = p.stdout.readline()
    if out.strip() == "WARM":
        warm()
        p.stdin.write("go\n")
        p.stdin.flush()
        out = ""
    p.stdin.close()
    out += p.stdout.read()
    p.wait()
    killer.cancel()
    if p.returncode:
        err.seek(0)
        raise RuntimeError("sched: " + (out + err.read())[-800:])
    err.close()
    return json.loads(out.strip().splitlines()[-1])
