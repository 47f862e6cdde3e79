import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
/** Building every image on a slow line takes longest. */
const COMMAND_TIMEOUT_MS = 15 * 60_000;
const MAX_OUTPUT_BYTES = 20_000_000;

/** Of the caller's environment only what reaches the engine and the registries: settings come from stack.env alone. */
const passedOn = [
  'PATH',
  'HOME',
  'DOCKER_HOST',
  'DOCKER_CONFIG',
  'DOCKER_CONTEXT',
  'NPM_CONFIG_REGISTRY',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
];

/** Runs the docker client; resolves with what it printed, and what it complained of after that. */
export async function docker(...args: readonly string[]): Promise<string> {
  return call(args, {});
}

export interface ComposeOptions {
  readonly folder: string;
  /** Variables over those of stack.env. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** `docker compose` on the stack under test, with the profile of the load generator. */
export async function compose({ folder, settings }: ComposeOptions, ...args: readonly string[]): Promise<string> {
  const files = ['--file', 'docker-compose.yml', '--file', 'e2e/stack/compose.e2e.yaml'];
  const options = ['--project-name', 'foghorn', '--env-file', 'e2e/stack/stack.env', '--profile', 'load'];
  return call(['compose', '--progress', 'plain', ...options, ...files, ...args], { E2E_FOLDER: folder, ...settings });
}

async function call(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<string> {
  const inherited = Object.fromEntries(passedOn.flatMap((name) => [[name, process.env[name]] as const]));
  const env = { ...inherited, ...(await builder()), ...environment };
  const { stdout, stderr } = await run('docker', [...args], {
    cwd: root,
    env,
    timeout: COMMAND_TIMEOUT_MS,
    maxBuffer: MAX_OUTPUT_BYTES,
  });
  return `${stdout}${stderr}`.trim();
}

let builderSettings: Promise<Readonly<Record<string, string>>> | undefined;

/** The classic builder where buildx is not installed. */
async function builder(): Promise<Readonly<Record<string, string>>> {
  builderSettings ??= run('docker', ['buildx', 'version']).then(
    () => ({}),
    () => ({ DOCKER_BUILDKIT: '0' }),
  );
  return builderSettings;
}
