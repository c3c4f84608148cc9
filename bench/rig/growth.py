"""m6: does a job cost more when many others wait?"""
import os
import statistics
import time

from rig.drivers import Consumer, sched
from rig.scale import scale

FEW = 10_000
MANY = 1_000_000
JOBS = 20_000
PASSES = 3  # the median counts, after one pass that does not
LEAD_S = 4  # in which the jobs of one pass are scheduled
FAR_S = 86_400
LOAD_JOBS_A_S = 2_000  # that every peer here can be relied on to load


def growth(run, _):
    """Schedules a small number of jobs in bulk, then delivers and acknowledges them: with few
    far-future jobs pending, then with many on a fresh server."""
    many = scale(int(os.environ.get("PEERS_PENDING", MANY)))
    out = run.out
    out["few"] = at(run, scale(FEW))
    run.server.stop()
    run.server = run.peer.server()
    run.server.start()
    out["many"] = at(run, many)
    for k in ("sched_rate", "sched_us", "deliver_rate", "deliver_us"):
        if out["few"][k]:
            out[f"{k}_ratio"] = round(out["many"][k] / out["few"][k], 3)


def at(run, pending):
    """Medians of the passes with so many jobs pending: jobs/s, server CPU in microseconds a job."""
    peer, server = run.peer, run.server
    n = scale(JOBS)
    sched(peer, server, pending, "bulk", lead=FAR_S, tag="f",
          timeout=60 + pending / LOAD_JOBS_A_S)
    passes = [one_pass(run, n) for _ in range(PASSES + 1)][1:]
    middle = {k: round(statistics.median(p[k] for p in passes), 2) for k in passes[0]}
    return {"pending": pending, "n": n, **middle, **server.memory()}


def one_pass(run, n):
    peer, server = run.peer, run.server
    server.settle()
    before = {}

    def mark():
        before.update(server.cpu())

    mark()
    r = sched(peer, server, n, "bulk", lead=LEAD_S * run.more, warm=mark)
    loaded = server.cpu()
    if r["spare_ms"] < 0:
        run.out["load_over"] = True
    time.sleep(max(0, r["spare_ms"] / 1000 + 0.2))
    due = server.cpu()
    run.consumer = Consumer(peer, server, n, 90)
    d = run.consumer.result()
    done = server.cpu()
    out = {"sched_rate": r["n"] / r["secs"], "deliver_rate": d["uniq"] / d["secs"],
           "client_deliver_us": d["client_cpu"] / n * 1e6}
    for k in done:
        part = k.replace("server_cpu", "").replace("cpu", "")
        out[f"{part}sched_us"] = (loaded[k] - before[k]) / n * 1e6
        out[f"{part}deliver_us"] = (done[k] - due[k]) / n * 1e6
    for k in ("dup", "early"):
        run.out[k] = run.out.get(k, 0) + d[k]
    run.out["undelivered"] = run.out.get("undelivered", 0) + n - d["uniq"]
    return out
