import { mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkDiskSpace, checkPortFree } from './checks.ts';
import { lastLines, runCommand } from './command.ts';
import { checkContainerNames, composeParameters, readServices, type ServiceState } from './compose-state.ts';
import { DASHBOARD_PORT, logDirectory, policyDirectory, repositoryRoot, SES_PORT, WEBAPP_PORT } from './places.ts';
import { step } from './progress.ts';
import type { Settings } from './settings.ts';
import { SetupError } from './setup-error.ts';

/** Services that must run, and the port that each publishes. */
const SERVICES: readonly { readonly service: string; readonly port?: number }[] = [
  { service: 'db' },
  { service: 'ses', port: SES_PORT },
  { service: 'webapp', port: WEBAPP_PORT },
  { service: 'controller', port: DASHBOARD_PORT },
];
/** An image over a slow line: packages of npm and the base image. */
const BUILD_TIMEOUT_MS = 15 * 60_000;
/** A first start: the database is created, its health is asked every 10 s, five tries. */
const START_TIMEOUT_MS = 3 * 60_000;
const STOP_TIMEOUT_MS = 2 * 60_000;
const POLL_EVERY_MS = 500;
const SHOWN_LINES = 20;

const buildLog = resolve(logDirectory, 'up.log');

export async function isStackRunning(): Promise<boolean> {
  const services = await readServices();
  return SERVICES.every(({ service }) => services.some((seen) => seen.service === service && seen.state === 'running'));
}

/** Builds and starts what is not running, and waits until all of it is healthy. */
export async function startStack(settings: Settings, engineRootDirectory: string): Promise<void> {
  const running = (await readServices()).filter(({ state }) => state === 'running');
  const address = settings['BIND_ADDRESS'] ?? '127.0.0.1';
  for (const { service, port } of SERVICES) {
    const isOurs = running.some((seen) => seen.service === service);
    if (port !== undefined && !isOurs) await checkPortFree(port, address);
  }
  await checkContainerNames();
  await checkDiskSpace([repositoryRoot, engineRootDirectory]);
  // Made here, not by the engine, so that they belong to the user.
  await mkdir(logDirectory, { recursive: true });
  await mkdir(policyDirectory, { recursive: true });
  await writeFile(buildLog, '');
  const services = servicesToStart(settings);
  await prepareBaseImages();
  await buildImages(services.filter((service) => service !== 'db'));
  await step('starting the containers', async () => {
    await compose(['up', '--detach', '--no-build', ...services], START_TIMEOUT_MS);
    await waitUntilHealthy();
  });
}

/** Profiles named in .env count, the load generator is started by hand only. */
function servicesToStart(settings: Settings): readonly string[] {
  const profiles = (settings['COMPOSE_PROFILES'] ?? '').split(',').map((profile) => profile.trim());
  const named = SERVICES.map(({ service }) => service);
  return profiles.includes('socket-proxy') ? ['socket-proxy', ...named] : named;
}

/** The script leaves images alone that are there; where Windows has no bash, the build pulls them itself. */
export async function prepareBaseImages(): Promise<void> {
  if (process.platform === 'win32') return;
  const { ok, output } = await runCommand('bash', ['scripts/engine/base-images.sh'], {
    timeoutMs: BUILD_TIMEOUT_MS,
    show: true,
  });
  if (ok) return;
  throw new SetupError(
    `The base images cannot be had. ${output}`.trim(),
    'check the connection to the image registry, or run without containers: npm run up -- --local',
  );
}

/** @throws SetupError with the end of what the build printed */
export async function buildImages(services: readonly string[]): Promise<void> {
  const buildx = await runCommand('docker', ['buildx', 'version'], { timeoutMs: START_TIMEOUT_MS });
  const env = buildx.ok ? {} : { DOCKER_BUILDKIT: '0' };
  for (const service of services) {
    await step(`building ${service}`, () => compose(['build', service], BUILD_TIMEOUT_MS, env));
  }
}

async function compose(parameters: readonly string[], timeoutMs: number, env: NodeJS.ProcessEnv = {}): Promise<void> {
  const { ok, output } = await runCommand('docker', composeParameters(...parameters), {
    timeoutMs,
    env,
    logFile: buildLog,
  });
  if (ok) return;
  throw new SetupError(
    `docker compose ${parameters.join(' ')} failed:\n${lastLines(output, SHOWN_LINES)}`,
    'the whole output is in logs/up.log',
  );
}

async function waitUntilHealthy(): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const services = await readServices();
    const waiting = SERVICES.filter(({ service }) => !isHealthy(services.find((seen) => seen.service === service)));
    const [first] = waiting;
    if (first === undefined) return;
    if (performance.now() > deadline || services.some(({ state }) => state === 'restarting')) {
      throw await unhealthyError(services.find(({ state }) => state === 'restarting')?.service ?? first.service);
    }
    await sleep(POLL_EVERY_MS);
  }
}

function isHealthy(service: ServiceState | undefined): boolean {
  return service?.state === 'running' && service.health === 'healthy';
}

async function unhealthyError(service: string): Promise<SetupError> {
  const { output } = await runCommand('docker', composeParameters('logs', '--no-color', '--tail', '20', service), {
    timeoutMs: STOP_TIMEOUT_MS,
  });
  return new SetupError(
    `The service ${service} does not become healthy. Its last lines:\n${lastLines(output, SHOWN_LINES)}`,
    `docker compose logs ${service} shows more; npm run down stops everything`,
  );
}

/** @returns whether there was anything to stop */
export async function stopStack(removeVolumes: boolean): Promise<boolean> {
  const services = await readServices();
  if (services.length === 0 && !removeVolumes) return false;
  await step('stopping the containers', async () => {
    const { ok, output } = await runCommand(
      'docker',
      composeParameters('down', '--remove-orphans', ...(removeVolumes ? ['--volumes'] : [])),
      { timeoutMs: STOP_TIMEOUT_MS },
    );
    if (!ok) throw new SetupError(`docker compose down failed:\n${lastLines(output, SHOWN_LINES)}`, 'try it again');
  });
  return services.length > 0;
}
