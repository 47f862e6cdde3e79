import { execFileSync } from 'node:child_process';

export const LOADGEN_IMAGE = 'foghorn-loadgen';

/** The generator's image has been built. */
export function hasImage(): boolean {
  try {
    execFileSync('docker', ['image', 'inspect', LOADGEN_IMAGE], { stdio: 'ignore', timeout: 15_000 });
    return true;
  } catch {
    return false;
  }
}
