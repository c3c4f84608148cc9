// A job of each night, at 2:30 in Vienna, where the clocks go from 2:00 to 3:00 in one of them.
import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { DevService } from 'dueline/testing';

const DAY = 86_400_000;
const VIENNA = { timeZone: 'Europe/Vienna', weekday: 'short', hour: '2-digit', minute: '2-digit' } as const;

const dev = await DevService.start();
beforeEach(() => dev.reset());
after(() => dev.stop());

/** Midnight, UTC, of the last Sunday of the next year's March. */
function changeAfter(now: Date): Date {
  const last = new Date(Date.UTC(now.getUTCFullYear() + 1, 2, 31));
  return new Date(last.getTime() - last.getUTCDay() * DAY);
}

test('each night has its run', async () => {
  const sunday = changeAfter(await dev.now()).getTime();
  await dev.advance({ to: new Date(sunday - DAY) });
  await dev.client.schedule('reports', '', { id: 'nightly', cron: '30 2 * * *', timeZone: 'Europe/Vienna' });
  await dev.worker('reports');
  await dev.advance({ to: new Date(sunday + 2 * DAY) });

  const runs = dev.assertDelivered('reports', 'nightly', 3);
  assert.deepEqual(
    runs.map((run) => run.due.toLocaleString('en-GB', VIENNA)),
    ['Sat 02:30', 'Sun 03:00', 'Mon 02:30'],
  );
});
