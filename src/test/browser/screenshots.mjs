// Makes docs/console/*.png: each page of the console, in light and dark, with some jobs in it.
import { mkdirSync } from 'node:fs';
import { launch, openPage, post } from './browser.mjs';
import { Service } from './service.mjs';

const FOLDER = process.argv[2] ?? 'docs/console';
const service = new Service();

const minutes = (n) => `${Math.max(1, Math.round(n * 60))}s`;

async function fill(page) {
  const order = (i) => ({ queue: 'orders', id: `order-${104200 + i}`, payload: JSON.stringify({ order: 104200 + i, amount: { value: 12900 + i, currency: 'EUR' } }), attributes: 'tenant=acme' });
  for (let i = 0; i < 90; i += 1) await post(page, '/schedule', { ...order(i), delay: minutes(2 + 27 * (1 + Math.sin(i * 1.7)) + (i % 9 === 0 ? 1 : 0)) });
  for (let i = 0; i < 12; i += 1) await post(page, '/schedule', { queue: 'mail', id: `welcome-${i}` });
  for (let i = 0; i < 5; i += 1) await post(page, '/schedule', { queue: 'exports', id: `export-${i}` });
  await post(page, '/queue/pause', { queue: 'exports' });
  for (let i = 0; i < 9; i += 1) await post(page, '/schedule', { queue: 'invoices', id: `invoice-${8800 + i}`, max_attempts: 1 });
  await service.run('watch', 'invoices', '--exec', 'cat >/dev/null; case $DUELINE_JOB_ID in *[147]) echo "ledger: unknown account" >&2; exit 65;; *) exit 1;; esac', '--count', '9');
  await post(page, '/schedule', { queue: 'reports', id: 'weekly', cron: '0 9 * * MON', zone: 'Europe/Berlin', payload: '{"report":"weekly","to":["ann@example.org"]}', attributes: 'tenant=acme', ttl: '6h' });
  service.command('watch', 'orders', '--watcher-id', 'orders-worker-1', '--max-outstanding', '100', '--ack');
  await page.waitForFunction(async () => (await (await fetch('/queue?queue=orders')).text()).includes('orders-worker-1'), null, { polling: 1000 });
  for (let i = 90; i < 220; i += 1) await post(page, '/schedule', { ...order(i), delay: `${1 + i * 7 % 100}s` });
}

const PAGES = {
  overview: '/',
  queue: '/queue?queue=orders&range=hour',
  jobs: '/jobs?queue=orders',
  job: '/job?queue=reports&id=weekly',
  dead: '/dead?queue=invoices',
  schedule: '/schedule?queue=orders',
  settings: '/settings',
};

mkdirSync(FOLDER, { recursive: true });
await service.start();
const browser = await launch();
try {
  const first = await openPage(browser, service.url);
  await first.goto('/');
  await fill(first);
  // Long enough for what is wrong to be noticed, and for some points of the last hour.
  await first.locator('.problems li').first().waitFor();
  await first.waitForTimeout(110_000);
  for (const colorScheme of ['light', 'dark']) {
    const page = await openPage(browser, service.url, { colorScheme });
    for (const [name, path] of Object.entries(PAGES)) {
      await page.goto(path);
      await page.waitForTimeout(1_500);
      await page.screenshot({ path: `${FOLDER}/${name}-${colorScheme}.png`, scale: 'css', fullPage: name === 'queue' || name === 'job' });
    }
  }
} finally {
  await browser.close();
  await service.close();
}
