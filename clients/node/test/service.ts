import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const built = fileURLToPath(new URL('../../../../target/quarkus-app/quarkus-run.jar', import.meta.url));

/** The packaged service, of DUELINE_JAR or of this checkout. */
export const jar = process.env.DUELINE_JAR ?? built;

/** Why tests against the service are left out; false: they are not. */
export const missing = existsSync(jar) ? false : `${jar} is missing: ./mvnw package -DskipTests`;

/** The packaged service with the Redis that is embedded in it. */
export class Service {
  private constructor(
    readonly target: string,
    private readonly process: ChildProcess,
    private readonly data: string,
  ) {}

  /** Does not wait for it to be ready: clients do. */
  static async start(): Promise<Service> {
    const port = await freePort();
    const data = mkdtempSync(join(tmpdir(), 'dueline-node-'));
    const settings = [
      `-Dquarkus.grpc.server.port=${port}`,
      `-Dquarkus.management.port=${await freePort()}`,
      `-Ddueline.embedded.data-dir=${join(data, 'data')}`,
    ];
    const child = spawn('java', ['-Xmx256m', '-XX:TieredStopAtLevel=1', ...settings, '-jar', jar], { stdio: 'ignore' });
    return new Service(`127.0.0.1:${port}`, child, data);
  }

  async end(): Promise<void> {
    const exited = once(this.process, 'exit');
    this.process.kill();
    await exited;
    rmSync(this.data, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
