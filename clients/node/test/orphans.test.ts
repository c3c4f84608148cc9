import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

const left = process.platform === 'linux' ? false : 'it looks into /proc';
const missing = process.env.DUELINE_DEV ? left : 'DUELINE_DEV is not set';
const PROGRAM = `
  import { DevService } from 'dueline/testing';
  console.log(JSON.stringify((await DevService.start()).ready));
  setInterval(() => {}, 1_000);
`;

/** Processes that have a text in their command line; those that are dead have none. */
function processes(text: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(text);
    } catch {
      return false;
    }
  });
}

it('leaves nothing behind when the test is killed', { skip: missing }, async () => {
  const run = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface(run.stdout), 'line');
  const { pid, dataDir } = JSON.parse(line);
  assert.ok(existsSync(dataDir));
  assert.notDeepEqual(processes(dataDir), []);
  run.kill('SIGKILL');
  while (existsSync(dataDir) || processes(dataDir).length || processes('dev\0--port\0').includes(String(pid))) {
    await pause(100);
  }
});
