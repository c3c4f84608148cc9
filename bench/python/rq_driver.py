"""rq driver.   rq_driver.py sched|consume key=value ...
single: conc= threads of Queue.enqueue_at; bulk: enqueue_at in pipelines of batch= jobs (enqueue_many
takes no time).
consume: one SimpleWorker with the scheduler that rq starts beside it, a process of its own. Results
are not kept. Acknowledged = the job is deleted.
rq keeps due times in whole seconds, rounded down: a due time is rounded up here, lest it be early."""
import logging
import os
import sys
import threading
import time
from datetime import datetime, timezone
from math import ceil

from redis import Redis
from rq import Queue, SimpleWorker

from common import A, BULK, VERB, Account, Sending, job, num

QUEUE = "bench"
account = None  # of the worker, which runs jobs in its own process


def handle(payload):
    account.delivered(payload)


def connected():
    return Queue(QUEUE, connection=Redis(port=int(A["port"])))


def put(queue, i, **more):
    _, payload, due = job(i)
    at = datetime.fromtimestamp(ceil(due / 1000), timezone.utc)
    queue.enqueue_at(at, "rq_driver.handle", payload, result_ttl=0, description="", **more)


def sched():
    sending = Sending()
    if BULK:
        queue, batch = connected(), num("batch", 1000)
        for lo in range(0, sending.n, batch):
            with queue.connection.pipeline() as pipeline:
                for i in range(lo, min(sending.n, lo + batch)):
                    put(queue, i, pipeline=pipeline)
                pipeline.execute()
    else:
        conc = num("conc", 64)

        def lane(k):
            queue = connected()
            for i in range(k, sending.n, conc):
                put(queue, i)

        lanes = [threading.Thread(target=lane, args=(k,)) for k in range(conc)]
        for each in lanes:
            each.start()
        for each in lanes:
            each.join()
    sending.done()


class Worker(SimpleWorker):
    """Tells the account when a job is done."""

    def perform_job(self, job, queue, execution):
        done = super().perform_job(job, queue, execution)
        account.acked(job.args[0])
        return done


def consume():
    global account
    queue = connected()
    worker = Worker([queue], connection=queue.connection)

    def cpu():
        # clock_getcpuclockid(pid), of the scheduler
        scheduler = worker.scheduler and worker.scheduler._process
        return time.process_time() + (time.clock_gettime((~scheduler.pid << 3) | 2) if scheduler else 0)

    account = Account(cpu)
    account.ready()

    def end():
        account.wait()
        account.report()
        worker.stop_scheduler()
        os._exit(0)  # the main thread may be waiting for Redis

    threading.Thread(target=end, daemon=True).start()
    worker.work(with_scheduler=True, logging_level=logging.ERROR)


sys.modules["rq_driver"] = sys.modules["__main__"]  # jobs name it so; there is one account
(sched if VERB == "sched" else consume)()
