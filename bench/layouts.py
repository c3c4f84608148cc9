#!/usr/bin/env python3
"""What a pending job costs Redis in memory, for ways to lay it out: bytes beyond the payload.

  bench/layouts.py [JOBS]        Markdown; takes about a minute for 200,000 jobs

Each layout gets an empty redis-server of its own, the one on the PATH. Its allocator decides much:
Redis's own jemalloc has a size every 8 bytes for small things, Debian's every 16."""
import json
import os
import random
import subprocess
import sys
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from rig.servers import Redis  # noqa: E402

WORDS = ("order customer invoice reminder payment express standard retry address street number "
         "amount currency locale template subject channel priority reference").split()


def text(rnd, size):
    """A payload such as people send: JSON, whose names repeat and whose values do not."""
    fields = {}
    while len(json.dumps(fields)) < size:
        fields[f"{rnd.choice(WORDS)}_{len(fields)}"] = f"{rnd.choice(WORDS)}-{rnd.getrandbits(40):x}"
    return json.dumps(fields)[:size].encode()


def packed(job_id):
    """ASCII in 7 bits a character."""
    bits = "".join(f"{c:07b}" for c in job_id)
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def resp(*args):
    parts = [a if isinstance(a, bytes) else str(a).encode() for a in args]
    return b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(p), p) for p in parts)


def in_hash(header, pack=lambda i: i, squeeze=lambda p: p):
    """An index and one hash of records: what Dueline does, with a header of so many bytes."""
    def commands(job_id, due, payload):
        member = pack(job_id)
        yield resp("ZADD", "{q/0}:pending", due, member)
        yield resp("HSET", "{q/0}:jobs", member, bytes(header) + squeeze(payload))
    return commands


def key_each(job_id, due, payload):
    yield resp("ZADD", "{q/0}:pending", due, job_id)
    yield resp("SET", b"{q/0}:job:" + job_id, bytes(20) + payload)


def hash_each(job_id, due, payload):
    yield resp("ZADD", "{q/0}:pending", due, job_id)
    yield resp("HSET", b"{q/0}:job:" + job_id, "due", due, "created", due, "request", payload)


def in_member(job_id, due, payload):
    yield resp("ZADD", "{q/0}:pending", due, job_id + payload)


def deflate(payload):
    return zlib.compress(payload, 1)


def measure(jobs, id_bytes, payload_bytes, layout):
    server, rnd = Redis(), random.Random(7)
    server.start()
    try:
        before = server.memory()["used"]
        pipe = subprocess.Popen(["redis-cli", "-p", str(server.port), "--pipe"],
                                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        for i in range(jobs):
            job_id = f"{rnd.getrandbits(4 * id_bytes):0{id_bytes}x}".encode()
            for command in layout(job_id, 1_900_000_000_000 + i, text(rnd, payload_bytes)):
                pipe.stdin.write(command)
        pipe.stdin.close()
        pipe.wait()
        return (server.memory()["used"] - before) / jobs - payload_bytes
    finally:
        server.stop()


LAYOUTS = [
    ("index alone, no record", 16, 0, in_member),
    ("id and payload in the member: no cancel by id", 16, 100, in_member),
    ("**index + one hash of records, header of 20 bytes**", 16, 100, in_hash(20)),
    ("the same, header of 39 bytes (a hash of the request)", 16, 100, in_hash(39)),
    ("the same, header of 8 bytes: no creation time, no request as given", 16, 100, in_hash(8)),
    ("index + a key a job", 16, 100, key_each),
    ("index + a hash a job", 16, 100, hash_each),
    ("ids of 8 bytes", 8, 100, in_hash(20)),
    ("ids of 14 bytes", 14, 100, in_hash(20)),
    ("ids of 22 bytes (made by the server)", 22, 100, in_hash(20)),
    ("ids of 36 bytes (UUID as text)", 36, 100, in_hash(20)),
    ("ids of 16 bytes in 7 bits a character", 16, 100, in_hash(20, packed)),
    ("ids of 36 bytes in 7 bits a character", 36, 100, in_hash(20, packed)),
    ("JSON of 100 bytes, deflated", 16, 100, in_hash(20, squeeze=deflate)),
    ("JSON of 1,000 bytes", 16, 1000, in_hash(20)),
    ("JSON of 1,000 bytes, deflated", 16, 1000, in_hash(20, squeeze=deflate)),
    ("JSON of 10,000 bytes", 16, 10000, in_hash(20)),
    ("JSON of 10,000 bytes, deflated", 16, 10000, in_hash(20, squeeze=deflate)),
]


def main():
    jobs = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    info = Redis().start()
    try:
        facts = [x for x in info.cli("INFO").split() if x.startswith(("redis_version", "mem_alloc"))]
    finally:
        info.stop()
    print(f"{jobs:,} jobs; {', '.join(facts)}\n\n| layout | id | payload | bytes beyond the payload |")
    print("|---|---|---|---|")
    for name, id_bytes, payload_bytes, layout in LAYOUTS:
        n = jobs if payload_bytes <= 100 else jobs * 100 // payload_bytes
        print(f"| {name} | {id_bytes} | {payload_bytes} |"
              f" {measure(n, id_bytes, payload_bytes, layout):,.0f} |", flush=True)


if __name__ == "__main__":
    main()
