import { runCommand } from './command.ts';
import { SetupError } from './setup-error.ts';

export type Engine =
  | { readonly state: 'answers'; readonly version: string; readonly rootDirectory: string }
  | { readonly state: 'absent'; readonly reason: string }
  | { readonly state: 'denied' };

/** An engine that starts accepts connections some 12 s before it answers. */
const ENGINE_TIMEOUT_MS = 20_000;

export async function findEngine(): Promise<Engine> {
  const { ok, output } = await runCommand('docker', ['info', '--format', '{{.ServerVersion}}|{{.DockerRootDir}}'], {
    timeoutMs: ENGINE_TIMEOUT_MS,
  });
  return readEngine(ok, output);
}

/** What `docker info` says about the engine; its format prints `VERSION|ROOT`, older clients succeed without a server. */
export function readEngine(ok: boolean, output: string): Engine {
  const [version = '', rootDirectory = ''] = (output.split('\n').find((line) => line.includes('|')) ?? '').split('|');
  if (ok && version.trim() !== '') return { state: 'answers', version: version.trim(), rootDirectory };
  if (/permission denied/i.test(output)) return { state: 'denied' };
  if (/ENOENT/.test(output)) return { state: 'absent', reason: 'docker is not installed' };
  return { state: 'absent', reason: 'no Docker engine answers' };
}

/** @throws SetupError when `docker compose` is missing */
export async function checkCompose(): Promise<void> {
  const { ok } = await runCommand('docker', ['compose', 'version'], { timeoutMs: ENGINE_TIMEOUT_MS });
  if (ok) return;
  throw new SetupError(
    'The Docker engine answers, but Compose v2 (docker compose) is missing.',
    'install it (Debian, as root: bash scripts/engine/compose.sh), or run without containers: npm run up -- --local',
  );
}

export function deniedError(): SetupError {
  return new SetupError(
    'The Docker engine is there, but this user has no permission on its socket.',
    'sudo usermod -aG docker "$USER" and log in again, or run without containers: npm run up -- --local',
  );
}
