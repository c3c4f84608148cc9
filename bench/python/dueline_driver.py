"""Driver of clients/python.   dueline_driver.py sched|consume key=value ...
single: conc= tasks of Client.schedule; bulk: callers= tasks of one BatchingProducer, which gathers
500 a call.
consume: one Worker, concurrency=conc. Acknowledged = the service has said so."""
import asyncio
import sys
from datetime import datetime, timezone
from math import ceil

import dueline

from common import A, BULK, VERB, Account, Sending, job, num

QUEUE = "bench"


async def sched(client):
    producer = dueline.BatchingProducer(client) if BULK else client
    sending = Sending()
    ids = iter(range(sending.n))

    async def lane():
        for i in ids:
            name, payload, due = job(i)
            at = datetime.fromtimestamp(ceil(due) / 1000, timezone.utc)
            await producer.schedule(QUEUE, payload, id=name, at=at)

    await asyncio.gather(*(lane() for _ in range(num("callers", 2500) if BULK else num("conc", 64))))
    sending.done()


class Finished(dueline.Listener):
    def __init__(self, account):
        self.account = account

    def job_finished(self, job, outcome, seconds):
        if outcome == "acked":
            self.account.acked(job.payload.decode())


async def consume(client):
    account = Account()

    async def handle(job):
        account.delivered(job.payload.decode())

    worker = dueline.Worker(client, QUEUE, handle, concurrency=num("conc", 1000),
                            listener=Finished(account))
    running = asyncio.create_task(worker.run())
    account.ready()
    over = asyncio.create_task(asyncio.to_thread(account.wait))
    await asyncio.wait([running, over], return_when=asyncio.FIRST_COMPLETED)
    if running.done():
        running.result()
    account.report()
    await worker.stop("give_back")


async def main():
    async with dueline.connect(f"127.0.0.1:{A['port']}") as client:
        await (sched if VERB == "sched" else consume)(client)


sys.exit(asyncio.run(main()))
