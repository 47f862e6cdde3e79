import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compose } from './compose.ts';

/** Whether this run has begun to bring the stack up: then it is this run's to take down. */
export function isStarted(folder: string): boolean {
  return existsSync(markOf(folder));
}

export function markStarted(folder: string): void {
  writeFileSync(markOf(folder), '');
}

function markOf(folder: string): string {
  return join(folder, 'started');
}

/** Removes containers and volumes of the stack under test. A developer's volumes have other names. */
export async function takeDown(folder: string): Promise<void> {
  await compose({ folder }, 'down', '--volumes', '--remove-orphans', '--timeout', '10');
}
