import { join } from 'node:path';
import { createFakeClock } from '../fake-clock.ts';
import type { CommandContext } from './command.ts';

export interface TestContext extends CommandContext {
  readonly clock: ReturnType<typeof createFakeClock>;
  /** All that was written so far. */
  written(): string;
  complained(): string;
}

/** A process made of values. */
export function createTestContext(stdin: string = '', env: CommandContext['env'] = {}): TestContext {
  let out = '';
  let err = '';
  return {
    crdDir: join(import.meta.dirname, '../../../crds'),
    env,
    clock: createFakeClock(),
    readStdin: async () => stdin,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    written: () => out,
    complained: () => err,
  };
}
