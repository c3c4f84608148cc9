"""Results as Markdown. Numbers are medians over rounds, with min–max."""
import json
import statistics

from rig.peers import PEERS
from rig.ratios import ratios

BOTH = ("client_cpu", "server_cpu")
MAIN = [("m1s", "rate", 0, "M1 one at a time, jobs/s"), ("m1b", "rate", 0, "M1 bulk, jobs/s"),
        ("m2", "rate", 0, "M2 drain, jobs/s"), ("m2b", "rate", 0, "M2b behind 100k, jobs/s"),
        ("m3", "p50", 1, "M3 p50 ms"), ("m3", "p99", 1, "p99 ms"), ("m3", "max", 1, "max ms"),
        ("m4", "overhead", 0, "M4 bytes/job beyond 100"), ("m5", "cpu_min", 2, "M5 CPU s/min")]
PACED = [(m, k, 1, f"{name} {k} ms") for m, name in (("m3h", "5,000/s"), ("m3p", "put 5 s ahead"))
         for k in ("p50", "p99", "max")]
PARTS = [("client", "client_cpu"), ("service", "service_cpu"), ("Redis", "redis_cpu")]
GROWTH = [("sched_rate", 0, "schedule, jobs/s"), ("sched_us", 1, "server µs/job"),
          ("deliver_rate", 0, "deliver + ack, jobs/s"), ("deliver_us", 1, "server µs/job")]


def read(path):
    """The machines' lines, and the results by (peer, measure). Each result is told its run: a file
    may have several, and a round is compared only within its own."""
    machines, rows, run = [], {}, 0
    with open(path) as f:
        for line in f:
            r = json.loads(line)
            if "machine" in r:
                run += 1
                machines.append(r["machine"])
                continue
            r["run"] = run
            rows.setdefault((r["peer"], r["measure"]), []).append(r)
    return list(dict.fromkeys(machines)), rows


def spread(values, digits):
    """The median, and the range where there is more than one value."""
    if not values:
        return ""
    f = lambda x: f"{x:,.{digits}f}"
    return f(statistics.median(values)) + (
        f" ({f(min(values))}–{f(max(values))})" if len(values) > 1 else "")


def markdown(title, head, rows):
    """A table of the rows that have anything to say; nothing if none has."""
    rows = [r for r in rows if any(r[1:])]
    if rows:
        print((f"\n{title}:\n\n" if title else "") + f"| {' | '.join(head)} |\n|"
              + "---|" * len(head))
        for r in rows:
            print(f"| {' | '.join(r)} |")


def good(rows, p, m, *keys):
    return [r for r in rows.get((p, m), []) if "error" not in r and all(k in r for k in keys)]


def columns(rows, title, cols):
    def cell(p, m, key, digits):
        return spread([r[key] for r in good(rows, p, m, key)], digits)

    markdown(title, ["peer", *[c[3] for c in cols]],
             [[p, *[cell(p, m, k, d) for m, k, d, _ in cols]] for p in PEERS])


def cpu(rows):
    def us(p, m, keys):
        v = [sum(r[k] for k in keys) / r["n"] * 1e6 for r in good(rows, p, m, *keys)]
        return f"{statistics.median(v):.1f}" if v else ""

    markdown("CPU microseconds per job (client + server), medians",
             ["peer", "M1 one at a time", "M1 bulk", "M2 drain", "M2 client", "M2 server"],
             [[p, us(p, "m1s", BOTH), us(p, "m1b", BOTH), us(p, "m2", BOTH),
               us(p, "m2", BOTH[:1]), us(p, "m2", BOTH[1:])] for p in PEERS])
    split = [p for p in PEERS if any("service_cpu" in r or "service_cpu_min" in r
                                     for (q, _), rs in rows.items() if q == p for r in rs)]
    idle = lambda p, k: spread([r[k] for r in good(rows, p, "m5", k)], 2)
    markdown("CPU by part: microseconds per job, and s/min of an idle one (M5)",
             ["peer", "part", "M1 one at a time", "M1 bulk", "M2 drain", "M2b", "M5"],
             [[p, part, *[us(p, m, (k,)) for m in ("m1s", "m1b", "m2", "m2b")], idle(p, k + "_min")]
              for p in split for part, k in PARTS])


def growth(rows):
    """m6: the cost of a job with few and with many others pending."""
    def of(p, level, key, digits):
        return spread([r[level][key] for r in good(rows, p, "m6", "many")], digits)

    lines = []
    for p in PEERS:
        for level in ("few", "many"):
            lines.append([p, of(p, level, "pending", 0),
                          *[of(p, level, k, d) for k, d, _ in GROWTH]])
        lines.append([p, "ratio", *[spread([r[f"{k}_ratio"] for r in good(rows, p, "m6")
                                            if f"{k}_ratio" in r], 2) for k, _, _ in GROWTH]])
    markdown("M6, growth: the cost of a job while so many others are pending",
             ["peer", "pending", *[c[2] for c in GROWTH]], [x for x in lines if any(x[2:])])


def slowest(rows):
    def worst(p, m):
        v = [r["slowest_ms"] for r in rows.get((p, m), []) if "slowest_ms" in r]
        return f"{max(v):,.0f}" if v else ""

    markdown("Longest single Redis command while draining, ms (0: under 10), worst of the rounds",
             ["peer", "M2", "M2b"], [[p, worst(p, "m2"), worst(p, "m2b")] for p in PEERS])


def faults(rows):
    print("\nNot as they should be (undelivered: when the deadline passed):\n")
    said = set()
    for (p, m), rs in rows.items():
        for r in rs:
            bad = {k: r[k] for k in ("undelivered", "dup", "early", "bad", "load_over", "error")
                   if r.get(k)}
            if r.get("stderr") and (p, r["stderr"][:60]) not in said:
                said.add((p, r["stderr"][:60]))
                bad["stderr"] = r["stderr"]
            if bad:
                print(f"- {p} {m} at {r['at']}: {json.dumps(bad)}")


def table(path):
    machines, rows = read(path)
    for m in machines:
        print(m + "\n")
    columns(rows, "", MAIN)
    columns(rows, "Lateness by other paces", PACED)
    cpu(rows)
    slowest(rows)
    growth(rows)
    markdown("Dueline against others: the ratio within each round, then the median of the rounds",
             ["what", "against", "ratio"], ratios(rows, spread))
    faults(rows)
    n = [len(v) for v in rows.values()]
    if n:
        print(f"\n{min(n)}–{max(n)} rounds; spin (fixed work) ms:", end=" ")
        s = [r["spin_ms"] for v in rows.values() for r in v]
        print(f"{min(s)}–{max(s)}, median {statistics.median(s)}")
