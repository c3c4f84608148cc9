// A mail that cannot be sent is tried three times, and then waits for a person.
import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { DevService } from 'dueline/testing';
import { JobState } from 'dueline/stubs/dueline/v1/scheduler';

const MINUTE = 60_000;

const dev = await DevService.start();
beforeEach(() => dev.reset());
after(() => dev.stop());

function send() {
  throw new Error('no route to the mail server');
}

test('a mail is dead after three attempts', async () => {
  const retry = { maxAttempts: 3, initialBackoff: MINUTE, multiplier: 2, jitter: 0 };
  await dev.client.schedule('mail', 'Dear Ann', { id: 'ann', retry });
  await dev.worker('mail', send);
  const { jobs } = await dev.advance('1h');

  const [first, second, third] = dev.assertDelivered('mail', 'ann', 3);
  assert.ok(second!.due.getTime() - first!.dispatched.getTime() >= MINUTE);
  assert.ok(third!.due.getTime() - second!.dispatched.getTime() >= 2 * MINUTE);
  assert.equal(jobs?.died, 1);
  const job = await dev.client.get('mail', 'ann');
  assert.equal(job?.state, JobState.DEAD);
  assert.equal(job?.lastFailure, 'no route to the mail server');
});
