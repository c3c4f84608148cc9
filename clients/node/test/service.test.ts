import assert from 'node:assert/strict';
import { once, EventEmitter } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { Dead, DuelineError, RetryIn, type Client, type Job, type Outcome } from '../src/index.js';
import { DevService } from '../src/testing.js';
import { ListQueuesRequest } from '../gen/dueline/v1/queue.js';

const missing = process.env.DUELINE_DEV ? false : 'DUELINE_DEV is not set';

describe('against the service', { skip: missing }, () => {
  let service: DevService;
  let client: Client;

  before(async () => {
    service = await DevService.start();
    client = service.client;
  });

  after(() => service.stop());

  /** Works until so many deliveries are settled; their outcomes by id and attempt. */
  async function work(queue: string, count: number, handler: (job: Job) => RetryIn | Dead | void) {
    const outcomes = new Map<string, Outcome>();
    const settled = new EventEmitter();
    const worker = client.worker(queue, handler, {
      hooks: {
        jobFinished({ id, attempt }, outcome) {
          outcomes.set(`${id} ${attempt}`, outcome);
          if (outcomes.size === count) settled.emit('all');
        },
      },
    });
    const all = once(settled, 'all');
    const running = worker.run();
    await all;
    await worker.stop();
    await running;
    return outcomes;
  }

  it('hands a job to a handler with all that belongs to it', async () => {
    const attributes = { 'content-type': 'text/plain' };
    const { due } = await client.schedule('whole', 'hé 🎉', { id: 'ä/1', in: 20, attributes });
    let job: Job | undefined;
    const outcomes = await work('whole', 1, (it) => void (job = it));
    assert.deepEqual([...outcomes], [['ä/1 1', 'acked']]);
    assert.equal(job!.payload.toString(), 'hé 🎉');
    assert.deepEqual(job!.attributes, attributes);
    assert.deepEqual(job!.due, due);
    assert.ok(job!.dispatched >= job!.due);
  });

  it('settles a job as its handler ends', async () => {
    for (const id of ['returns', 'throws', 'retry', 'dead']) {
      await client.schedule('ends', '', { id, retry: { initialBackoff: 10, maxBackoff: 10 } });
    }
    const outcomes = await work('ends', 6, ({ id, attempt }) => {
      if (id === 'dead') return new Dead('no such address');
      if (attempt > 1 || id === 'returns') return;
      if (id === 'retry') return new RetryIn(10);
      throw new Error('oops');
    });
    assert.deepEqual(Object.fromEntries(outcomes), {
      'returns 1': 'acked',
      'throws 1': 'nacked',
      'throws 2': 'acked',
      'retry 1': 'nacked',
      'retry 2': 'acked',
      'dead 1': 'dead',
    });
    assert.equal((await client.get('ends', 'dead'))?.lastFailure, 'no such address');
  });

  it('gives an id to each request, and knows it when it comes again', async () => {
    const first = await client.schedule('ids', '', { id: 'a', in: 60_000, requestId: 'r' });
    const again = await client.schedule('ids', '', { id: 'a', in: 60_000, requestId: 'r' });
    assert.equal(first.outcome, 'CREATED');
    assert.deepEqual(again, { ...first, outcome: 'UNCHANGED', firstOutcome: 'CREATED' });
    assert.equal(await client.cancel('ids', 'a'), 'CANCELED');
    assert.equal(await client.cancel('ids', 'a'), 'NOT_FOUND');
    assert.equal(await client.get('ids', 'a'), undefined);
  });

  it('tells what is wrong with a request', async () => {
    const isToldWell = (error: unknown) => {
      assert.ok(error instanceof DuelineError);
      assert.equal(error.code, 'INVALID_ARGUMENT');
      assert.deepEqual(error.violations.map(({ field }) => field).sort(), ['job_id', 'queue']);
      return true;
    };
    await assert.rejects(client.schedule('no such queue', '', { id: '\n' }), isToldWell);
  });

  it('answers each caller of a batching producer', async () => {
    const producer = client.batching();
    const ids = ['a', 'b', 'bad\n', 'c'];
    const answers = await Promise.allSettled(ids.map((id) => producer.schedule('batch', id, { id, in: 60_000 })));
    assert.deepEqual(
      answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.jobId : answer.reason.code)),
      ['a', 'b', 'INVALID_ARGUMENT', 'c'],
    );
  });

  it('gives back what an iterator has taken and not settled', async () => {
    for (const id of ['a', 'b', 'c']) await client.schedule('loop', '', { id });
    const done: string[] = [];
    for await (const job of client.jobs('loop')) {
      done.push(job.id);
      if (done.length === 2) break;
      assert.equal(await job.ack(), 'acked');
    }
    const outcomes = await work('loop', 2, () => {});
    assert.equal(outcomes.get(`${done[1]} 1`), 'acked');
    assert.ok(!outcomes.has(`${done[0]} 1`));
  });

  it('hands out what raw stubs can do', async () => {
    const stats = await new Promise((resolve, reject) =>
      client.queues.listQueues(ListQueuesRequest.fromPartial({}), (error, answer) =>
        error ? reject(error) : resolve(answer),
      ),
    );
    assert.ok(stats);
  });
});
