// The console where callers are told apart: signing in, and what somebody who may only read is offered.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, openPage, post, seriousFindings } from './browser.mjs';
import { principal, Service } from './service.mjs';

const ALL = { schedule: '*', watch: '*', read: '*', payloads: '*', operate: '*' };
const service = new Service(principal('owner-token', ALL), principal('reader-token', { read: 'own-*' }));
let browser;

before(async () => {
  await service.start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await service.close();
});

async function signIn(page, token) {
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** A browser of somebody's own, signed in. */
async function signedIn(token) {
  const page = await openPage(browser, service.url);
  await page.goto('/');
  await signIn(page, token);
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  return page;
}

test('whoever signs in comes to the page that was asked for, and leaves by signing out', async () => {
  const page = await openPage(browser, service.url);
  await page.goto('/schedule?queue=own-a');
  await signIn(page, 'no such token');
  await page.getByText('This token is not known here.').waitFor();
  assert.deepEqual(await seriousFindings(page), []);
  await signIn(page, 'owner-token');
  await page.waitForURL(/\/schedule\?queue=own-a/);
  await page.getByText('owner-token', { exact: true }).waitFor();
  const [cookie] = await page.context().cookies();
  assert.equal(cookie.httpOnly, true);
  assert.equal(cookie.sameSite, 'Strict');
  assert.ok(!cookie.value.includes('owner-token'));
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.goto('/settings');
  await page.getByLabel('Token').waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test('somebody who may only read sees his queues, is offered nothing, and is refused', async () => {
  const owner = await signedIn('owner-token');
  for (const queue of ['own-a', 'others']) await post(owner, '/schedule', { queue, id: 'a', delay: '1h', payload: 'hidden words' });
  await owner.goto('/job?queue=own-a&id=a');
  await owner.getByText('hidden words').waitFor();

  const reader = await signedIn('reader-token');
  await reader.getByRole('link', { name: 'own-a' }).waitFor();
  assert.equal(await reader.getByRole('link', { name: 'others' }).count(), 0);
  for (const path of ['/', '/queue?queue=own-a', '/jobs?queue=own-a', '/job?queue=own-a&id=a', '/dead?queue=own-a']) {
    const answer = await reader.goto(path);
    assert.equal(answer.status(), 200, path);
    // Signing out, the search, another range: nothing that changes a queue.
    const posts = await reader.locator('form[method=post]').evaluateAll((forms) => forms.map((form) => form.getAttribute('action')));
    assert.deepEqual(posts, ['/logout'], path);
    assert.equal(await reader.getByText('hidden words').count(), 0, path);
    assert.deepEqual(await seriousFindings(reader), [], path);
  }
  const refused = await reader.evaluate(async () => {
    const form = new URLSearchParams({ queue: 'own-a' });
    const pause = await fetch('/queue/pause', { method: 'POST', body: form });
    const other = await fetch('/queue?queue=others');
    const payload = await fetch('/job/payload?queue=own-a&id=a');
    return [pause.status, other.status, payload.status];
  });
  assert.deepEqual(refused, [403, 403, 403]);
  assert.deepEqual(owner.faults, []);
  assert.deepEqual(reader.faults, []);
});
