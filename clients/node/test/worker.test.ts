import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { connect, RetryIn, type Client, type Outcome } from '../src/index.js';
import { duration, millis } from '../src/time.js';
import { due, failure, FakeService } from './fake.js';

describe('a worker', { timeout: 60_000 }, () => {
  let service: FakeService;
  let client: Client;

  beforeEach(async () => {
    service = await FakeService.start();
    client = connect(service.target);
  });

  afterEach(() => {
    client.close();
    service.end();
  });

  /** The outcomes of jobs, in the order in which they are settled. */
  function noting(): { outcomes: Outcome[]; hooks: { jobFinished(job: unknown, outcome: Outcome): void } } {
    const outcomes: Outcome[] = [];
    return { outcomes, hooks: { jobFinished: (_, outcome) => void outcomes.push(outcome) } };
  }

  it('asks for heartbeats by which a break is found before leases are over', async () => {
    for (const [i, [lease, heartbeat]] of [
      [30_000, 5_000],
      [2_000, 1_000],
      [3_600_000, 10_000],
    ].entries()) {
      const worker = client.worker('q', () => {}, { lease });
      const running = worker.run();
      assert.equal(millis((await service.watch(i)).request.heartbeatInterval!), heartbeat);
      await worker.stop();
      await running;
    }
  });

  it('extends leases of a stream that is silent and not yet given up', async () => {
    service.heartbeat = 2_000;
    let end = () => {};
    const worker = client.worker('q', () => new Promise<void>((resolve) => (end = resolve)));
    const running = worker.run();
    const watch = await service.watch();
    watch.send(due('a'));
    const { leaseTokens, leaseDuration } = await service.call('extendLease');
    assert.deepEqual([leaseTokens, leaseDuration], [['a'], duration(30_000)]);
    assert.ok(!watch.isOver);
    end();
    await service.call('ack');
    await worker.stop();
    await running;
  });

  it('leaves a stream that would keep the lease of a job that is not settled', async () => {
    service.failures.ack = () => failure('INTERNAL');
    const { outcomes, hooks } = noting();
    const worker = client.worker('q', () => {}, { hooks });
    const running = worker.run();
    (await service.watch()).send(due('a', 'b'));
    const { watchToken, timeout } = await service.call('stopWatch');
    assert.deepEqual([watchToken, timeout], ['0', duration(1_000)]);
    assert.equal((await service.watch(1)).request.maxOutstandingJobs, 10);
    assert.deepEqual(outcomes, ['unsettled', 'unsettled']);
    assert.equal(service.calls.filter(({ method }) => method === 'stopWatch').length, 1);
    await worker.stop();
    await running;
  });

  it('fails where its answers are refused', async () => {
    service.failures.ack = () => failure('UNAUTHENTICATED');
    const running = client.worker('q', () => {}).run();
    (await service.watch()).send(due('a'));
    await assert.rejects(running, { code: 'UNAUTHENTICATED' });
  });

  it('takes any delay of a retry', async () => {
    const isTooLong = ({ delay }: any) => delay && millis(delay) > 1_000;
    service.failures.nack = (request) => (isTooLong(request) ? failure('INVALID_ARGUMENT', 'delay') : undefined);
    const { outcomes, hooks } = noting();
    const delays: Record<string, number> = { past: -5, none: NaN, ever: Infinity, soon: 20 };
    const worker = client.worker('q', ({ id }) => new RetryIn(delays[id]!, id), { hooks });
    const running = worker.run();
    (await service.watch()).send(due(...Object.keys(delays)));
    const told = async (reason: string) => (await service.call('nack', (it) => it.reason === reason)).delay;
    assert.deepEqual(await told('past'), duration(0));
    assert.equal(await told('none'), undefined);
    assert.equal(await told('delay'), undefined);
    assert.deepEqual(await told('soon'), duration(20));
    await worker.stop();
    await running;
    assert.deepEqual(outcomes, Array(4).fill('nacked'));
  });

  it('gives jobs back to be due at once, behind the end of their stream', async () => {
    const { outcomes, hooks } = noting();
    let begun = () => {};
    const started = new Promise<void>((resolve) => (begun = resolve));
    const worker = client.worker(
      'q',
      (_, signal) =>
        new Promise<void>((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
          begun();
        }),
      { hooks },
    );
    const running = worker.run();
    (await service.watch()).send(due('a'));
    await started;
    await worker.stop({ mode: 'give_back' });
    await running;
    const { uncounted, delay } = await service.call('nack');
    assert.deepEqual([uncounted, delay, outcomes], [true, duration(0), ['given_back']]);
    assert.deepEqual(
      service.calls.map(({ method }) => method),
      ['stopWatch', 'nack'],
    );
  });

  it('waits as long as its stop may, and no longer than a lease', async () => {
    const { outcomes, hooks } = noting();
    let end = () => {};
    const handler = () => new Promise<void>((resolve) => (end = resolve));
    const started = new Promise<void>((resolve) => Object.assign(hooks, { jobStarted: resolve }));
    const worker = client.worker('q', handler, { hooks });
    const running = worker.run();
    (await service.watch()).send(due('a'));
    await started;
    const stopped = worker.stop({ timeout: Infinity });
    assert.deepEqual((await service.call('stopWatch')).timeout, duration(12 * 3_600_000));
    end();
    await stopped;
    await running;
    assert.deepEqual(outcomes, ['acked']);
  });

  it('refuses times that are none', () => {
    assert.throws(() => client.worker('q', () => {}, { lease: Infinity }), RangeError);
    assert.throws(() => client.worker('q', () => {}, { heartbeat: NaN }), RangeError);
  });

  it('tries again where no token is to be had for a moment', async () => {
    const codes: string[] = [];
    let asked = 0;
    const token = () => {
      if (asked++ === 0) throw new Error('no answer');
      return 'secret';
    };
    const careful = connect(service.target, { token, onRetry: ({ code }) => codes.push(code) });
    assert.equal(await careful.get('q', 'a'), undefined);
    assert.deepEqual(codes, ['UNAVAILABLE']);
    careful.close();
  });
});
