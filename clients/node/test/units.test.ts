import assert from 'node:assert/strict';
import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { test } from 'node:test';
import { BadRequest, ErrorInfo, RetryInfo, Status } from '../gen/google/rpc/errors.js';
import { Batcher } from '../src/batcher.js';
import { DuelineError } from '../src/errors.js';
import { toRequest } from '../src/schedule.js';
import { cut } from '../src/settler.js';
import { duration, millis } from '../src/time.js';

test('durations have the sign of their milliseconds', () => {
  assert.deepEqual(duration(1_500), { seconds: 1, nanos: 500_000_000 });
  assert.deepEqual(duration(-1_500), { seconds: -1, nanos: -500_000_000 });
  assert.equal(millis(duration(0.5)), 0.5);
  assert.throws(() => duration(NaN), RangeError);
});

test('a reason is cut between characters', () => {
  assert.equal(cut('a'), 'a');
  assert.equal(cut('a' + '🎉'.repeat(256)), 'a' + '🎉'.repeat(255));
});

test('each request has an id of its own', () => {
  const one = toRequest('q', 'p', {});
  assert.match(one.requestId, /^[0-9a-f-]{36}$/);
  assert.notEqual(toRequest('q', 'p', {}).requestId, one.requestId);
  assert.equal(toRequest('q', 'p', { requestId: 'mine' }).requestId, 'mine');
});

test('a request has no two due times', () => {
  assert.throws(() => toRequest('q', '', { in: 1, at: new Date() }), RangeError);
});

test('an error says all that the server said', () => {
  const details = [
    {
      typeUrl: 'type.googleapis.com/google.rpc.ErrorInfo',
      value: ErrorInfo.encode({ reason: 'R', domain: 'd', metadata: { a: 'b' } }).finish(),
    },
    {
      typeUrl: 'type.googleapis.com/google.rpc.BadRequest',
      value: BadRequest.encode({ fieldViolations: [{ field: 'f', description: 'd' }] }).finish(),
    },
    {
      typeUrl: 'type.googleapis.com/google.rpc.RetryInfo',
      value: RetryInfo.encode({ retryDelay: duration(250) }).finish(),
    },
  ].map(({ typeUrl, value }) => ({ typeUrl, value: Buffer.from(value) }));
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from(Status.encode({ code: 3, message: 'm', details }).finish()));
  const error = DuelineError.of({ code: status.INVALID_ARGUMENT, details: 'm', metadata } as ServiceError);
  const { code, message, reason, violations, retryDelay } = error;
  assert.deepEqual(
    { code, message, reason, metadata: error.metadata, violations, retryDelay },
    {
      code: 'INVALID_ARGUMENT',
      message: 'm',
      reason: 'R',
      metadata: { a: 'b' },
      violations: [{ field: 'f', description: 'd' }],
      retryDelay: 250,
    },
  );
});

test('a connection that breaks in a call makes it unavailable', () => {
  const details = 'Received RST_STREAM with code 2 triggered by internal client error: write EPIPE';
  const error = { code: status.INTERNAL, details, metadata: new Metadata() } as ServiceError;
  assert.equal(DuelineError.of(error).code, 'UNAVAILABLE');
});

test('a call that the server ends at its deadline was not answered in time', () => {
  const error = { code: status.CANCELLED, details: 'Call cancelled' } as ServiceError;
  assert.equal(DuelineError.of(error, true).code, 'DEADLINE_EXCEEDED');
  assert.equal(DuelineError.of(error).code, 'CANCELLED');
});

test('a batcher gathers while calls are under way, within its limits', async () => {
  const calls: number[][] = [];
  const batcher = new Batcher<number>({ items: 3, bytes: 10, calls: 1 }, async (items) => {
    calls.push(items);
  });
  [1, 2, 3, 4].forEach((item) => batcher.add(item, 1));
  batcher.add(5, 9);
  batcher.add(6, 20);
  await batcher.idle();
  assert.deepEqual(calls, [[1, 2, 3], [4, 5], [6]]);
});
