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
  const { ready } = await DevService.start();
  console.log(JSON.stringify({ ...ready, own: process.pid }));
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

const NODE = [process.execPath, '--input-type=module', '-e', PROGRAM];
// Stands for the runner of node:test, which starts a process for each file.
const RUNNER = ['/bin/sh', '-c', '"$0" "$@" & wait', ...NODE];

for (const [what, [command, ...args]] of Object.entries({ test: NODE, runner: RUNNER })) {
  it(`leaves nothing behind when the ${what} is killed`, { skip: missing }, () => kill(command!, args));
}

async function kill(command: string, args: string[]): Promise<void> {
  const env = { ...process.env, NODE_TEST_CONTEXT: 'child' };
  const run = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
  const [line] = await once(createInterface(run.stdout), 'line');
  const { pid, dataDir, own } = JSON.parse(line);
  assert.ok(existsSync(dataDir));
  assert.notDeepEqual(processes(dataDir), []);
  run.kill('SIGKILL');
  while (existsSync(dataDir) || processes(dataDir).length || processes('dev\0--port\0').includes(String(pid))) {
    await pause(100);
  }
  if (own !== run.pid) process.kill(own);
}
