import { execFileSync } from 'node:child_process';
import type { TestContext } from 'vitest';

/** Something of the machine that tests need. */
export interface Requirement {
  readonly skip: boolean;
  /** What is missing and how to get it, for the closing summary. */
  readonly reason: string;
}

const MET: Requirement = { skip: false, reason: '' };
const LOOK_TIMEOUT_MS = 15_000;

/** The browser of the page's tests. */
export const CHROMIUM_PATH: string = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

let engine: Requirement | undefined;

/** A Docker engine that answers. In CI nothing is skipped: its absence fails the tests. */
export function requireEngine(): Requirement {
  engine ??= missing('a Docker engine that answers: bash scripts/engine/start.sh', () =>
    succeeds('docker', ['version', '--format', '{{.Server.Version}}']),
  );
  return engine;
}

/** Compose v2. */
export function requireCompose(): Requirement {
  return missing('Docker Compose v2: bash scripts/engine/prepare.sh', hasCompose);
}

/** Root and the engine's program, to run an engine of one's own that may be killed. */
export function requirePrivateEngine(): Requirement {
  return missing('root and dockerd, for an engine that the test may kill', hasPrivateEngine);
}

/** Chromium, for tests of the page. */
export function requireChromium(): Requirement {
  return missing('Chromium: apt-get install chromium, or its path in CHROMIUM', () =>
    succeeds(CHROMIUM_PATH, ['--version']),
  );
}

/** kubectl of any supported version. */
export function requireKubectl(): Requirement {
  return missing('kubectl 1.29 or later in the PATH', () => succeeds('kubectl', ['version', '--client']));
}

/** Helm 3, to fill in the chart. */
export function requireHelm(): Requirement {
  return missing('Helm 3 in the PATH: bash scripts/kubectl-install.sh puts it into .cache/kubectl/v32', () =>
    succeeds('helm', ['version', '--short']),
  );
}

/** nginx, to stand in front of the dashboard. */
export function requireNginx(): Requirement {
  return missing('nginx: apt-get install nginx-light', () => succeeds('nginx', ['-v']));
}

/** Skips the test with the reason, which the closing summary prints. For `beforeEach`. */
export function skipUnless(context: TestContext, requirement: Requirement): void {
  if (requirement.skip) context.skip(requirement.reason);
}

function hasCompose(): boolean {
  return !requireEngine().skip && succeeds('docker', ['compose', 'version']);
}

function hasPrivateEngine(): boolean {
  return process.getuid?.() === 0 && !requireEngine().skip && succeeds('dockerd', ['--version']);
}

/** In CI everything is there, or its absence fails the tests. */
export function missing(reason: string, isPresent: () => boolean): Requirement {
  return process.env['CI'] === 'true' || isPresent() ? MET : { skip: true, reason };
}

function succeeds(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore', timeout: LOOK_TIMEOUT_MS });
    return true;
  } catch {
    return false;
  }
}
