#!/usr/bin/env python3
"""Does the jobs that Dueline moves to Redis Streams. Needs redis-py.

usage: consumer.py REDIS_URL GROUP CONSUMER STREAM_KEY...
       IDLE_MS: after how long a job is taken from a consumer that has not finished it (60000)
"""
import os
import sys

import redis

BATCH, WAIT_MS = 16, 1000
# Longer than a job ever takes: who has not finished by then is dead.
IDLE_MS = int(os.environ.get("IDLE_MS", "60000"))


def do(job):
    """The work. It may come again, so it must not matter if it was done before."""
    print(job[b"id"].decode(), flush=True)


def main(url, group, name, *keys):
    server = redis.Redis.from_url(url)
    for key in keys:
        try:
            server.xgroup_create(key, group, id="0", mkstream=True)
        except redis.ResponseError as e:
            if not str(e).startswith("BUSYGROUP"):
                raise

    def finish(key, entries):
        for entry, job in entries:
            if entry is None:  # before Redis 7: one that was taken out meanwhile
                continue
            do(job)
            # XACK ends the job; XDEL makes room for the next one.
            with server.pipeline(transaction=True) as both:
                both.xack(key, group, entry).xdel(key, entry).execute()

    while True:
        for key in keys:
            reply = server.execute_command(
                "XAUTOCLAIM", key, group, name, IDLE_MS, "0-0", "COUNT", BATCH)
            finish(key, reply[1] if isinstance(reply, list) and len(reply) > 1 else reply)
        fresh = server.xreadgroup(group, name, dict.fromkeys(keys, ">"), BATCH, WAIT_MS)
        for key, entries in fresh:
            finish(key, entries)


if __name__ == "__main__":
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
