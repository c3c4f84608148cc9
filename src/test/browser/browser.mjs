// Debian's Chromium, driven by playwright-core; both, and axe-core, from the folder BROWSER_MODULES.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const modules = process.env.BROWSER_MODULES;
const require = createRequire(resolve(modules, 'package.json'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** Not less than a slow machine needs. */
export const LIMIT = 60_000;

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
}

/** A page that collects what must not happen into `faults`: errors, violated policies, dialogs. */
export async function openPage(browser, url, options = {}) {
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(LIMIT);
  const page = await context.newPage();
  page.faults = [];
  page.on('pageerror', (error) => page.faults.push(error.message));
  page.on('console', (message) => {
    // A service that is away, or that refuses, is a line of the browser's, not a fault of the page.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) page.faults.push(message.text());
  });
  return page;
}

/** Posts a form as the page's own forms do, without leaving the page. */
export async function post(page, path, fields) {
  const status = await page.evaluate(async ([to, entries]) => {
    const answer = await fetch(to, { method: 'POST', body: new URLSearchParams(entries) });
    return answer.status;
  }, [path, Object.entries(fields)]);
  if (status !== 200) throw new Error(`${path}: ${status}`);
}

/** What axe finds on the page, with all that folds opened, that is serious or worse. */
export async function seriousFindings(page) {
  await page.evaluate(() => document.querySelectorAll('details').forEach((details) => { details.open = true; }));
  // Not as an element of the page, which the page's policy would refuse.
  await page.evaluate(axe);
  const { violations } = await page.evaluate('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
}
