// An order that is not paid within three days gets a reminder.
import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import type { Client, Job } from 'dueline';
import { DevService } from 'dueline/testing';

class Shop {
  readonly reminded: string[] = [];

  constructor(private readonly client: Client) {}

  async place(order: string) {
    await this.client.schedule('reminders', order, { id: order, in: 3 * 86_400_000 });
  }

  async pay(order: string) {
    await this.client.cancel('reminders', order);
  }

  remind(job: Job) {
    this.reminded.push(job.payload.toString());
  }
}

const dev = await DevService.start();
beforeEach(() => dev.reset());
after(() => dev.stop());

test('an unpaid order gets a reminder', async () => {
  const shop = new Shop(dev.client);
  await shop.place('order-17');
  await dev.assertScheduled('reminders', 'order-17', { in: '3d' });

  await dev.worker('reminders', (job) => shop.remind(job));
  await dev.advance('2d');
  assert.deepEqual(shop.reminded, []);
  await dev.advance('1d');

  dev.assertDelivered('reminders', 'order-17');
  assert.deepEqual(shop.reminded, ['order-17']);
});

test('a paid order gets none', async () => {
  const shop = new Shop(dev.client);
  await dev.worker('reminders', (job) => shop.remind(job));
  await shop.place('order-17');
  await dev.advance('2d');
  await shop.pay('order-17');
  await dev.assertNotScheduled('reminders', 'order-17');
  await dev.advance('30d');

  assert.deepEqual(shop.reminded, []);
});
