"""Drives Dueline and its peers, and prints one JSON line per result.

  run.sh PEER MEASURE [ROUNDS]
  run.sh run PEER MEASURE [--rounds K] [--out FILE]
  run.sh all [--peers a,b] [--measures m1s,m2] [--rounds K] [--out FILE]
  run.sh table FILE      medians, min-max and ratios, as Markdown
  run.sh list

Rounds are interleaved: every peer once, then every peer again. The first line of a run says on what
machine it was. The README beside this folder says what each measure is."""
import argparse
import json
import os
import signal
import sys

from rig.machine import described
from rig.measures import measure
from rig.peers import MEASURES, PEERS
from rig.report import table


def main():
    ap = argparse.ArgumentParser(prog="run.sh", description=__doc__,
                                 formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("what", choices=["run", "all", "table", "list"])
    ap.add_argument("args", nargs="*")
    ap.add_argument("--peers", default=",".join(PEERS))
    ap.add_argument("--measures", default=",".join(MEASURES))
    ap.add_argument("--rounds", type=int, default=1)
    ap.add_argument("--out")
    a = ap.parse_args()
    if a.what == "list":
        return print("\n".join(PEERS))
    if a.what == "table":
        return table(a.args[0])
    one = a.what == "run"
    peers, measures = ([a.args[0]], [a.args[1]]) if one else (
        a.peers.split(","), a.measures.split(","))
    unknown = {*peers} - {*PEERS} | {*measures} - {*MEASURES}
    if unknown:
        ap.error(f"no such peer or measure: {', '.join(sorted(unknown))}")
    if a.out:
        os.makedirs(os.path.dirname(os.path.abspath(a.out)), exist_ok=True)

    def say(result):
        line = json.dumps(result)
        print(line, flush=True)
        if a.out:
            with open(a.out, "a") as f:
                f.write(line + "\n")

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that servers are stopped on the way
    say({"machine": described()})
    for rnd in range(a.rounds):
        for m in measures:
            for p in peers:
                r = measure(p, m)
                if r is not None:
                    say({**r, "round": rnd})


if __name__ == "__main__":
    main()
