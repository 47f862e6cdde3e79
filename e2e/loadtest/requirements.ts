import { tmpdir } from 'node:os';
import { requireCompose, type Requirement } from '../requirements.ts';
import { compose } from '../stack/compose.ts';

export const LOADGEN_IMAGE = 'foghorn-loadgen';
/** From nothing on a slow line; a second when it is there. */
export const BUILD_TIMEOUT_MS: number = 10 * 60_000;

/** What the image of the generator is built with, and run by. */
export const requireGenerators: () => Requirement = requireCompose;

/** Builds it as it is in the repository now: one that is there may be older. */
export async function buildLoadgen(): Promise<void> {
  await compose({ folder: tmpdir() }, 'build', 'load');
}
