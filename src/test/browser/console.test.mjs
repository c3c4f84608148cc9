// The console as somebody uses it, in a browser, on the packaged service.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage, post, seriousFindings } from './browser.mjs';
import { Service } from './service.mjs';

const EVIL = `"'><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>{page.title}\u202e`;
const service = new Service();
let browser;
let page;

before(async () => {
  await service.start();
  browser = await launch();
  page = await openPage(browser, service.url);
  await page.goto('/');
});

after(async () => {
  await browser?.close();
  await service.close();
});

const schedule = (queue, id, fields = {}) => post(page, '/schedule', { queue, id, ...fields });
const heading = async (text) => {
  await page.getByRole('heading', { level: 1, name: text }).waitFor();
  // By then the page hears keys.
  await page.waitForLoadState();
};
const heading2 = (text) => page.getByRole('heading', { level: 2, name: text }).waitFor();
const notice = (text) => page.locator('.notice', { hasText: text }).waitFor();
const job = (queue, id) => `/job?queue=${encodeURIComponent(queue)}&id=${encodeURIComponent(id)}`;
const noFaults = () => assert.deepEqual(page.faults, []);

test('an empty service says what to type next', async () => {
  await page.goto('/');
  await page.getByText('There are no queues yet.').waitFor();
  await page.getByText("dueline schedule mail 'Dear Ann' --in 1m").waitFor();
  noFaults();
});

test('a job is scheduled by form, moved, run now, and canceled', async () => {
  await page.goto('/schedule?queue=forms');
  await page.getByLabel('Id', { exact: true }).fill('a');
  await page.getByLabel('or in').fill('1h');
  await page.getByLabel('Payload').fill('{"hello":"world"}');
  await page.getByRole('button', { name: 'Schedule' }).click();
  await notice('scheduled');
  await page.goto(job('forms', 'a'));
  await page.getByText('"world"').waitFor();
  await page.getByText('Reschedule', { exact: true }).first().click();
  await page.getByLabel('or in').fill('2h');
  await page.getByRole('button', { name: 'Reschedule' }).click();
  await page.getByText(/in [12] h/).first().waitFor();
  await page.goto(job('forms', 'a'));
  await page.getByRole('button', { name: 'Run now' }).click();
  await page.goto('/queue?queue=forms');
  await page.locator('#figures', { hasText: /Due now\s*1/ }).waitFor();
  await page.goto(job('forms', 'a'));
  await page.getByText('Cancel the job').first().click();
  await page.getByRole('button', { name: 'Cancel the job' }).click();
  await notice('Canceled');
  await page.goto(job('forms', 'a'));
  await page.locator('.lone').waitFor();
  noFaults();
});

test('what is wrong with a form is said beside what was typed', async () => {
  await page.goto('/schedule?queue=forms');
  await page.getByLabel('Cron').fill('99 * * * *');
  await page.getByLabel('Payload').fill('kept');
  await page.getByRole('button', { name: 'Schedule' }).click();
  await page.getByText('Nothing was scheduled.').waitFor();
  assert.equal(await page.getByLabel('Payload').inputValue(), 'kept');
  assert.deepEqual(await seriousFindings(page), []);
  noFaults();
});

test('a queue is paused, resumed, limited, purged and deleted', async () => {
  for (const id of ['a', 'b', 'c']) await schedule('held', id, { delay: '1h' });
  await page.goto('/queue?queue=held');
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await page.getByText('Set limits').first().click();
  await page.getByLabel('Deliveries a second').fill('7');
  await page.getByRole('button', { name: 'Set limits' }).click();
  await page.getByText('at most 7 a second').waitFor();

  await page.getByText('Purge jobs').click();
  await page.getByLabel(/^Pending: 3/).check();
  assert.ok(await page.getByRole('button', { name: 'Purge' }).isDisabled());
  await page.getByLabel(/Type the queue's name/).first().fill('held');
  await page.getByRole('button', { name: 'Purge' }).click();
  await page.locator('#figures', { hasText: /Pending\s*0/ }).waitFor();

  await page.getByText('Delete the queue').first().click();
  await page.locator('#delete-confirm').fill('held');
  // The page hears that its queue is gone before the answer to its form comes.
  await page.route('**/queue/delete', async (form) => {
    const answer = await form.fetch({ maxRedirects: 0 });
    await page.waitForResponse((live) => live.url().includes('/queue?queue=held') && live.status() === 404);
    await form.fulfill({ response: answer });
  });
  await page.getByRole('button', { name: 'Delete the queue' }).click();
  await notice('deleted');
  await page.unroute('**/queue/delete');
  noFaults();
});

test('several jobs are chosen by keys and canceled together', async () => {
  for (const id of ['a', 'b', 'c']) await schedule('several', id, { delay: '1h' });
  await page.goto('/jobs?queue=several');
  await heading('Jobs of several');
  assert.ok(await page.getByRole('button', { name: 'Cancel' }).isDisabled());
  for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key);
  await page.getByText('2 chosen').waitFor();
  page.once('dialog', (dialog) => dialog.accept());
  await page.getByRole('button', { name: 'Cancel' }).click();
  await notice('Canceled: 2');
  await page.goto('/jobs?queue=several');
  assert.equal(await page.locator('tbody tr').count(), 1);
  noFaults();
});

test('dead jobs are redriven, and what clients wrote is shown and not obeyed', async () => {
  const id = EVIL.slice(0, 120);
  await schedule('evil', id, { payload: EVIL, attributes: `${EVIL}=${EVIL}` });
  await schedule('evil', 'b', { payload: EVIL });
  await service.run('watch', 'evil', '--exec', `cat >/dev/null; echo '<img src=x onerror=window.hacked=1>' >&2; exit 65`, '--count', '2');

  const shown = ['/', '/queue?queue=evil', '/dead?queue=evil', '/jobs?queue=evil&state=dead', job('evil', id),
    `/jobs?queue=evil&id=${encodeURIComponent(EVIL)}`];
  const others = [`/?prefix=${encodeURIComponent(EVIL)}`, `/queue?queue=${encodeURIComponent(EVIL)}`, `/schedule?queue=${encodeURIComponent(EVIL)}`, `/login?next=${encodeURIComponent(EVIL)}`];
  for (const path of [...shown, ...others]) {
    const answer = await page.goto(path);
    await page.locator('h1').first().waitFor();
    if (shown.includes(path)) assert.equal(answer.status(), 200, path);
    assert.equal(await page.evaluate('window.hacked'), undefined, path);
    assert.equal(await page.locator('img').count(), 0, path);
  }

  await page.goto('/dead?queue=evil');
  await page.getByLabel('Choose b').check();
  await page.getByRole('button', { name: 'Redrive', exact: true }).first().click();
  await page.goto('/jobs?queue=evil');
  await page.getByRole('link', { name: 'b', exact: true }).waitFor();
  noFaults();
});

test('no page has a serious finding of axe, in light or dark', async () => {
  await schedule('seen', 'weekly', { cron: '0 9 * * MON', zone: 'Europe/Berlin', payload: 'text', attributes: 'tenant=acme' });
  const paths = ['/', '/queue?queue=seen', '/jobs?queue=seen', '/jobs', job('seen', 'weekly'), '/dead?queue=evil', '/dead?queue=seen', '/schedule', '/settings', '/login', '/queue?queue=none'];
  for (const path of paths) {
    await page.goto(path);
    assert.deepEqual(await seriousFindings(page), [], path);
  }
  await page.emulateMedia({ colorScheme: 'dark' });
  for (const path of paths.slice(0, 3)) {
    await page.goto(path);
    assert.deepEqual(await seriousFindings(page), [], `dark ${path}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  noFaults();
});

test('no page is wider than a telephone', async () => {
  await page.setViewportSize({ width: 380, height: 800 });
  for (const path of ['/', '/queue?queue=seen', '/jobs?queue=seen', job('seen', 'weekly'), '/dead?queue=evil', '/schedule', '/settings']) {
    await page.goto(path);
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 380, path);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
});

test('keys lead everywhere, and times are in UTC or local', async () => {
  await page.goto('/queue?queue=seen');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('j');
  await heading('Jobs of seen');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await heading('weekly');
  await page.goBack();
  await heading('Jobs of seen');
  await page.keyboard.press('g');
  await page.keyboard.press('o');
  await heading('Overview');
  await page.keyboard.press('u');
  await page.getByText(/UTC[+−]\d\d:\d\d/).first().waitFor();
  await page.keyboard.press('u');
  noFaults();
});

test('a drag over the timeline zooms in, and back and reload lead where they should', async () => {
  for (let i = 1; i < 6; i += 1) await schedule('timeline', `job-${i}`, { delay: `${i * 9}m` });
  await page.goto('/queue?queue=timeline&range=hour');
  const over = page.locator('[data-chart="timeline"] .u-over');
  await over.waitFor();
  const { x, y, width } = await over.boundingBox();
  await page.mouse.move(x + width * .2, y + 20);
  await page.mouse.down();
  await page.mouse.move(x + width * .5, y + 20, { steps: 5 });
  await page.mouse.up();
  await page.waitForURL(/from=\d+&to=\d+/);
  await over.waitFor();
  const zoomed = page.url();
  await page.reload();
  assert.equal(page.url(), zoomed);
  await page.goBack();
  await page.waitForURL(/range=hour/);
  noFaults();
});

test('the last hour of a queue is drawn, with a table of the same', async () => {
  await schedule('hour', 'first');
  await page.goto('/queue?queue=hour');
  service.command('watch', 'hour', '--ack');
  await page.locator('#figures', { hasText: /Due now\s*0/ }).waitFor();
  const chart = page.locator('[data-chart="lateness"]');
  // Until there are two points, 20 s apart.
  await chart.locator('.u-over').waitFor({ timeout: 60_000 });
  for (const title of ['Throughput', 'Lateness', 'Jobs']) await heading2(`${title} of the last hour`);
  await chart.getByText('The same as a table').click();
  await chart.locator('td', { hasText: /^[\d.]+ (ms|s|min|h)$|^> 1 h$/ }).first().waitFor({ timeout: 60_000 });
  noFaults();
});

test('a page follows the service, keeps the focus, and can be stopped', async () => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Live' }).waitFor();
  await page.getByLabel('Names that begin with').focus();
  const other = await openPage(browser, service.url);
  await other.goto('/');
  await post(other, '/schedule', { queue: 'followed', id: 'a', delay: '1h' });
  await page.getByRole('link', { name: 'followed' }).waitFor();
  assert.equal(await page.evaluate('document.activeElement.id'), 'prefix');

  await page.getByRole('button', { name: 'Live' }).click();
  await page.getByRole('button', { name: 'Stopped' }).waitFor();
  await post(other, '/schedule', { queue: 'unseen', id: 'a', delay: '1h' });
  await other.getByRole('link', { name: 'unseen' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'unseen' }).count(), 0);
  await page.getByRole('button', { name: 'Stopped' }).click();
  await page.getByRole('link', { name: 'unseen' }).waitFor();
  assert.deepEqual(other.faults, []);
  await other.context().close();
  noFaults();
});

test('a page goes on when the service is started again under it', async () => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Live' }).waitFor();
  await service.stop();
  await page.getByRole('button', { name: 'Connecting' }).waitFor();
  await service.start();
  await page.getByRole('button', { name: 'Live' }).waitFor();
  await post(page, '/schedule', { queue: 'afterwards', id: 'a', delay: '1h' });
  await page.getByRole('link', { name: 'afterwards' }).waitFor();
  noFaults();
});
