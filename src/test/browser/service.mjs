// The packaged service with its console, for the tests in a browser.
import { spawn } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

const PROGRAM = (process.env.DUELINE_PROGRAM
  ?? 'java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx256m -jar target/quarkus-app/quarkus-run.jar').split(' ');

const given = new Set();

// A port that was free a moment ago, and that nobody was given, below those that outgoing
// connections get: none takes that of a service that is started again.
async function freePort() {
  for (;;) {
    const port = randomInt(15_000, 32_000);
    if (given.has(port)) continue;
    const server = createServer();
    const isFree = new Promise((resolve) => {
      server.once('listening', () => resolve(true)).once('error', () => resolve(false));
    });
    server.listen(port, '127.0.0.1');
    if (await isFree) {
      server.close();
      await once(server, 'close');
      given.add(port);
      return port;
    }
  }
}

/** A principal of the configuration, by the token that is its name; permissions with their queues. */
export function principal(name, permissions) {
  const prefix = `dueline.security.principals."${name}".`;
  const hash = createHash('sha256').update(name).digest('hex');
  const lines = Object.entries(permissions).map(([permission, queues]) => `${prefix}${permission}=${queues}`);
  return [`${prefix}token-sha256=${hash}`, ...lines].join('\n');
}

/** The service, which keeps its ports and its jobs when it is started again. */
export class Service {
  #folder = mkdtempSync(join(tmpdir(), 'dueline-browser-'));
  #process;
  #workers = [];
  #port;
  #consolePort;
  #principals;

  /** One that asks whoever calls who they are, or, without principals, nobody. */
  constructor(...principals) {
    this.#principals = principals;
  }

  /** Where the console is. */
  get url() {
    return `http://127.0.0.1:${this.#consolePort}`;
  }

  async start() {
    this.#port ??= await freePort();
    this.#consolePort ??= await freePort();
    if (this.#principals.length > 0) return this.#startGuarded();
    this.#spawn(['dev', '--port', this.#port, '--data-dir', join(this.#folder, 'data')], 'pipe', {});
    for await (const line of createInterface({ input: this.#process.stdout })) {
      JSON.parse(line);
      return;
    }
    throw new Error('the service did not start');
  }

  // Principals are not for development: the service itself, which goes when it is told to.
  async #startGuarded() {
    const config = join(this.#folder, 'principals.properties');
    writeFileSync(config, `${this.#principals.join('\n')}\n`, { mode: 0o600 });
    this.#spawn([], 'ignore', {
      QUARKUS_CONFIG_LOCATIONS: config,
      QUARKUS_GRPC_SERVER_PORT: this.#port,
      QUARKUS_MANAGEMENT_PORT: await freePort(),
      DUELINE_EMBEDDED_DATA_DIR: join(this.#folder, 'data'),
      // A slow machine is not what is tested.
      DUELINE_STORE_TIMEOUT: '30s',
    });
    while (!(await fetch(`${this.url}/login`).then((answer) => answer.ok, () => false))) {
      if (this.#isOver()) throw new Error('the service did not start');
      await pause(100);
    }
  }

  #spawn(args, input, settings) {
    // As variables of the environment, since a native binary takes settings only so before a command.
    this.#process = spawn(PROGRAM[0], [...PROGRAM.slice(1), ...args], {
      stdio: [input, input, 'inherit'],
      env: { ...process.env, DUELINE_CONSOLE_ENABLED: 'true', DUELINE_CONSOLE_PORT: this.#consolePort, QUARKUS_LOG_LEVEL: 'ERROR', QUARKUS_BANNER_ENABLED: 'false', ...settings },
    });
  }

  #isOver() {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  async stop() {
    if (this.#isOver()) return;
    const ended = once(this.#process, 'exit');
    this.#process.stdin?.end();
    if (this.#principals.length > 0) this.#process.kill();
    await ended;
  }

  /** A command of the client, which runs until it is done or the service closes. */
  command(...args) {
    const worker = spawn(PROGRAM[0], [...PROGRAM.slice(1), ...args, '--server', `127.0.0.1:${this.#port}`], { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, QUARKUS_BANNER_ENABLED: 'false' } });
    this.#workers.push(worker);
    return worker;
  }

  async run(...args) {
    const [code] = await once(this.command(...args), 'exit');
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
  }

  async close() {
    this.#workers.forEach((worker) => worker.kill('SIGKILL'));
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
