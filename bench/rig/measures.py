"""The measures: each takes a peer and a fresh server, and fills in one line of results."""
import os
import time

from rig import growth, machine
from rig.drivers import Consumer, sched
from rig.machine import cpu, rss, ticks
from rig.peers import PEERS
from rig.scale import scale

LATENESS = ("m3", "m3p", "m3h")
REHEARSAL_LEAD_S = 6


def spent(server, before=None, share=1.0, digits=2):
    """CPU seconds of the server and its parts, since before, if given."""
    before = before or {}
    return {k: round((v - before.get(k, 0)) * share, digits) for k, v in server.cpu().items()}


def schedule(run, m):
    """m1s, m1b: so many jobs, one hour ahead."""
    n, warm = scale(run.peer.n[m]), {}
    mode = "single" if m == "m1s" else "bulk"

    def mark():
        warm.update(run.server.cpu())

    if run.peer.warmer:
        sched(PEERS[run.peer.warmer], run.server, scale(0), mode, lead=3600, tag="f", warm=mark)
        mark()
    r = sched(run.peer, run.server, n, mode, lead=3600, warm=mark)
    # A driver that does not say when its warm-up is over has it counted, and taken off by share.
    used = spent(run.server, warm) if warm else spent(
        run.server, share=n / (n + run.peer.warmup))
    run.out.update(n=n, secs=r["secs"], rate=round(r["n"] / r["secs"], 1), bad=r.get("bad", 0),
                   client_cpu=r["client_cpu"], **used)


def rehearse(run):
    """Delivers jobs through a server that is a JVM, as one that has run for a while would have;
    the consumer that is measured is a fresh one all the same."""
    peer = PEERS[run.peer.warmer or run.out["peer"]]
    if peer.rehearsal:
        n = scale(peer.rehearsal)
        r = sched(peer, run.server, n, "bulk", lead=REHEARSAL_LEAD_S)
        time.sleep(max(0, r["spare_ms"] / 1000))
        run.consumer = Consumer(peer, run.server, n, 90)
        run.consumer.result()


def drain(run, m):
    """m2, m2b: jobs that are all due before the consumer starts."""
    peer, server, out = run.peer, run.server, run.out
    rehearse(run)
    n = scale(peer.n["m2"])
    if m == "m2b":
        n = out["due"] = min(n, scale(10_000))
        sched(peer, server, scale(100_000), "bulk", lead=3600, tag="f")
    r = sched(peer, server, n, "bulk", lead=peer.lead * run.more)
    out["load_over"] = r["spare_ms"] < 0  # some were scheduled when already due
    time.sleep(max(0, r["spare_ms"] / 1000 + 1.2))
    before = server.cpu()
    if not out["load_over"]:
        run.consumer = Consumer(peer, server, n, 90)
        r = run.consumer.result()
        out.update(r, **spent(server, before), undelivered=n - r["uniq"],
                   rate=round(r["uniq"] / r["secs"], 1) if r["secs"] else 0)
    out.update(server.slowest())
    for k in ("p50", "p90", "p99", "max", "min"):
        out.pop(k, None)  # lateness means nothing here


def lateness(run, m):
    """m3, m3h: jobs due at a steady rate, scheduled beforehand; m3p: scheduled at that rate."""
    peer, server, out = run.peer, run.server, run.out
    rate, secs = (5000, 10) if m == "m3h" else (500, 20)
    n, wn, lead = scale(rate * secs), scale(1000), peer.m3lead * run.more
    rehearse(run)
    before = server.cpu()
    run.consumer = Consumer(peer, server, n, peer.settle + lead + secs + 60)
    time.sleep(peer.settle)
    if m == "m3p":
        out["pace"] = "put 5 s ahead, at 500/s"
        sched(peer, server, n, "single", lead=lead, rate=rate, pace=1, delay=5)
    else:
        r = sched(peer, server, n, "bulk", lead=lead, rate=rate, wn=wn)
        # Not all were in before the first warm-up job was due.
        out["load_over"] = r["spare_ms"] < 3000
    if not out.get("load_over"):
        r = run.consumer.result()
        out.update(r, undelivered=n - r["uniq"], **spent(server, before))


def memory(run, _):
    """m4: what each pending job adds to the server."""
    n = scale(200_000)
    a = run.server.memory()
    sched(run.peer, run.server, n, "bulk", lead=3600)
    b = run.server.memory()
    out = run.out
    out.update(n=n, **{f"{k}_per_job": round((b[k] - a[k]) / n, 1) for k in a})
    used = out.get("used_per_job", out.get("disk_per_job", out.get("rss_per_job")))
    out["overhead"] = round(used - 100, 1)
    out.update(run.server.sizes())


def idle(run, _):
    """m5: CPU time of a consumer and its server that have nothing to do."""
    peer, server, out = run.peer, run.server, run.out
    n, secs = scale(100_000), float(os.environ.get("PEERS_IDLE_S", "60"))
    sched(peer, server, n, "bulk", lead=3600)
    con = run.consumer = Consumer(peer, server, 0, peer.settle + peer.calm + secs + 30)
    time.sleep(max(peer.calm, peer.settle))
    a, b, t = server.cpu(), cpu(con.p.pid), time.time()
    time.sleep(secs)
    k = 60 / (time.time() - t)
    out.update(n=n, **{f"{part}_min": v for part, v in spent(server, a, k, 3).items()},
               client_cpu_min=round((cpu(con.p.pid) - b) * k, 3))
    out["cpu_min"] = round(out["server_cpu_min"] + out["client_cpu_min"], 3)
    out["client_rss_mb"] = round(rss(con.p.pid) / 1e6, 1)
    out.update(server.sizes())
    con.p.stdin.close()
    con.kill()


HOW = {"m1s": schedule, "m1b": schedule, "m2": drain, "m2b": drain, "m3": lateness,
       "m3p": lateness, "m3h": lateness, "m4": memory, "m5": idle, "m6": growth.growth}


class Run:
    """One measure of one peer. more: how many times longer than usual to allow for loading."""

    def __init__(self, peer, server, out, more):
        self.peer, self.server, self.out, self.more = peer, server, out, more
        self.consumer = None


def measure(name, m, more=1):
    """The line of results, or None where the peer sits this one out."""
    peer = PEERS[name]
    if not peer.takes(m):
        return None
    prompt = m in LATENESS and os.geteuid() == 0
    machine.priority = int(os.environ.get("PEERS_M3_PRIO", "-10")) if prompt else 0
    out = {"peer": name, "measure": m, "at": time.strftime("%H:%M:%S"), "spin_ms": machine.spin(),
           "load1": os.getloadavg()[0]}
    run = Run(peer, peer.server(), out, more)
    before, own = ticks(), sum(os.times()[:4])
    try:
        run.server.start()
        out["server"] = run.server.settings
        HOW[m](run, m)
    except Exception as e:  # a peer that fails is a result
        out["error"] = str(e)[-600:]
    finally:
        if run.consumer:
            run.consumer.kill()
        run.server.stop()
    if out.get("load_over") and more < 4:  # a slow moment: again, with twice the time to load
        return measure(name, m, more * 2)
    after = ticks()
    d = {k: after[k] - before[k] for k in after}
    own = (sum(os.times()[:4]) - own) * machine.TICK
    total, busy = max(1, d["total"]), d["total"] - d["idle"] - d["steal"]
    out["steal_pct"] = round(100 * d["steal"] / total, 1)
    out["others_pct"] = round(100 * (busy - own) / total, 1)  # not ours
    return out
