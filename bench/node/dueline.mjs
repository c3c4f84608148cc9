// Driver of clients/node.   node dueline.mjs sched|consume key=value ...
// single: conc loops of client.schedule(); bulk: callers= loops of client.batching().schedule(), which
// gathers 500 a call and has four under way.
// consume: one worker, concurrency=conc. Acknowledged = the service has said so.
import { connect } from 'dueline';
import { Account, isBulk, num, QUEUE, schedule, verb } from './common.mjs';

const client = connect(`127.0.0.1:${num('port', 9000)}`);

async function sched() {
  const producer = isBulk() ? client.batching() : client;
  const lanes = isBulk() ? num('callers', 2500) : num('conc', 64);
  await schedule(lanes, 1, ([{ id, payload, due }]) => producer.schedule(QUEUE, payload, { id, at: new Date(Math.ceil(due)) }));
}

async function consume() {
  const account = new Account();
  const payloads = new Map(); // of jobs that run, for hooks are not told
  const hooks = {
    jobFinished({ id }, outcome) {
      if (outcome === 'acked') account.acked(payloads.get(id));
      payloads.delete(id);
    },
  };
  const handle = (job) => {
    const payload = job.payload.toString('latin1');
    payloads.set(job.id, payload);
    account.delivered(payload);
  };
  const worker = client.worker(QUEUE, handle, { concurrency: num('conc', 1000), hooks });
  const failed = worker.run().catch((e) => { console.error(String(e)); process.exit(1); });
  await Promise.race([account.await(), failed]);
}

await (verb === 'sched' ? sched() : consume());
process.exit(0);
