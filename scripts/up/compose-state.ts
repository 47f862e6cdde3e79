import { runCommand } from './command.ts';
import { SetupError } from './setup-error.ts';

export interface ServiceState {
  readonly service: string;
  /** `running`, `exited`, `restarting`, `created` ... */
  readonly state: string;
  /** `healthy`, `starting`, `unhealthy`, or empty without a health check. */
  readonly health: string;
}

const QUERY_TIMEOUT_MS = 30_000;
const PROJECT = 'foghorn';
/** Names that the stack's containers bear, as people know them. */
const CONTAINER_NAMES = ['postgres-db', 'webapp', 'monitor', 'ses-sandbox', 'load-generator', 'socket-proxy'];
const everyProfile = ['--profile', 'load', '--profile', 'socket-proxy'];

/** `docker compose` with every profile in force, so that no container of the stack is overlooked. */
export function composeParameters(...parameters: readonly string[]): readonly string[] {
  return ['compose', '--progress', 'plain', ...everyProfile, ...parameters];
}

/** The containers of the stack that exist, running or not. */
export async function readServices(): Promise<readonly ServiceState[]> {
  const { ok, output } = await runCommand('docker', composeParameters('ps', '--all', '--format', 'json'), {
    timeoutMs: QUERY_TIMEOUT_MS,
  });
  if (!ok)
    throw new SetupError(`docker compose ps failed: ${output.trim()}`, 'docker compose config shows what is wrong');
  return parseServices(output);
}

/** Reads `docker compose ps --format json`: one object a line, or one array (Compose before 2.21). */
export function parseServices(output: string): readonly ServiceState[] {
  return output
    .split('\n')
    .filter((line) => /^[[{]/.test(line))
    .flatMap((line): readonly unknown[] => {
      const parsed: unknown = JSON.parse(line);
      return Array.isArray(parsed) ? parsed : [parsed];
    })
    .map((entry) => ({
      service: field(entry, 'Service'),
      state: field(entry, 'State'),
      health: field(entry, 'Health'),
    }));
}

function field(entry: unknown, name: string): string {
  if (typeof entry !== 'object' || entry === null) return '';
  const value: unknown = Reflect.get(entry, name);
  return typeof value === 'string' ? value : '';
}

/** @throws SetupError when a container that is not ours has one of the names */
export async function checkContainerNames(): Promise<void> {
  const { output } = await runCommand(
    'docker',
    ['ps', '--all', '--format', '{{.Names}}|{{.Label "com.docker.compose.project"}}'],
    { timeoutMs: QUERY_TIMEOUT_MS },
  );
  const foreign = output
    .split('\n')
    .map((line) => line.trim().split('|'))
    .find(([name = '', project = '']) => CONTAINER_NAMES.includes(name) && project !== PROJECT);
  if (foreign === undefined) return;
  const name = foreign[0] ?? '';
  throw new SetupError(
    `A container named "${name}" that is not part of this stack is in the way.`,
    `docker rm -f ${name} removes it, docker rename ${name} ${name}-old keeps it; then npm run up`,
  );
}
