import { randomUUID } from 'node:crypto';
import type { ReadFile } from './files.ts';
import { InputError } from './input-error.ts';
import type { TemplateSources } from './placeholder.ts';
import { createRandom } from './random.ts';

export interface SourceOptions {
  readonly env: TemplateSources['env'];
  readonly readFile: ReadFile;
  /** undefined: other numbers each time. */
  readonly seed: number | undefined;
}

/** Data of this size is held as strings, once for each place that uses it. */
const MAX_DATA_BYTES = 16_777_216;

/** Values of this machine and this moment. */
export function createTemplateSources({ env, readFile, seed }: SourceOptions): TemplateSources {
  return {
    env,
    // The choice of endpoints has the seed itself.
    random: seed === undefined ? Math.random : createRandom(seed + 1),
    uuid: randomUUID,
    now: Date.now,
    lines: (what, path) => {
      const lines = readFile(what, path, MAX_DATA_BYTES)
        .toString('utf8')
        .split(/\r\n|\n|\r/);
      const filled = lines.filter((line) => line !== '');
      if (filled.length === 0) throw new InputError(`${what}: ${JSON.stringify(path)} has no lines`);
      return filled;
    },
  };
}
