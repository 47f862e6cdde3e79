import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { isStarted, takeDown } from './stack-state.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Temporary folder of the stack under test: its policies and logs, and whether it was started. */
    stackFolder: string;
  }
}

/** The first test that needs the stack brings it up; however the run ends, it goes down here. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'foghorn-stack-'));
  project.provide('stackFolder', folder);
  return async () => {
    if (isStarted(folder)) await takeDown(folder);
    await rm(folder, { recursive: true, force: true });
  };
}
