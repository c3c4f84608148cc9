"""Dueline against others within the same round, which a change of the machine's mood between
rounds does not reach."""

# What, the measure, its key, which of ours, the other peers (None: each that has it).
COMPARED = [
    ("schedule, calls/s", "m1s", "rate", "dueline", ["empty-call"]),
    ("M1 one at a time, jobs/s", "m1s", "rate", "dueline", None),
    ("M1 bulk, jobs/s", "m1b", "rate", "dueline", None),
    ("M2 drain, jobs/s", "m2", "rate", "dueline", None),
    ("M3 p99 ms (below 1: Dueline is earlier)", "m3", "p99", "dueline", None),
    ("M3 p99 ms, dueline-c1", "m3", "p99", "dueline-c1", None),
    ("lateness at 5,000/s, p99 ms", "m3h", "p99", "dueline", ["raw-lua"]),
    *[(f"{name} from {language}, jobs/s", m, "rate", f"dueline-{language}", others)
      for language, others in (("go", ["dueline", "asynq", "river", "river-fast"]),
                               ("node", ["dueline", "bullmq"]), ("python", ["dueline", "rq"]))
      for m, name in (("m1s", "M1 one at a time"), ("m1b", "M1 bulk"), ("m2", "M2 drain"))],
]
OURS = ("dueline", "dueline-c1", "dueline-go", "dueline-node", "dueline-python", "empty-call")


def by_round(rows, peer, measure, key):
    """The values of whole results, by run and round."""
    return {(r["run"], r.get("round", 0)): r[key] for r in rows.get((peer, measure), [])
            if "error" not in r and not r.get("undelivered") and r.get(key, 0) > 0}


def ratios(rows, spread):
    """Lines of a table: what, against whom, the median of the rounds' ratios."""
    lines = []
    for what, m, key, us, others in COMPARED:
        ours = by_round(rows, us, m, key)
        every = dict.fromkeys(p for p, q in rows if q == m and p not in OURS)
        for other in others or every:
            theirs = by_round(rows, other, m, key)
            values = [v / theirs[at] for at, v in ours.items() if at in theirs]
            lines.append([what, other, spread(values, 2)])
    return [x for x in lines if x[2]]
