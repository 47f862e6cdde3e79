/** Options about the result: where it goes, and when it is good. */
import { accessSync, constants, statSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { parseDuration } from './duration.ts';
import { InputError } from './input-error.ts';
import { compileThreshold, type Threshold } from './threshold.ts';

export const OUTPUT_FORMATS = ['json', 'csv', 'html'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

export interface OutputFile {
  readonly path: string;
  readonly format: OutputFormat;
}

export interface ResultOptions {
  readonly outputs: readonly OutputFile[];
  readonly thresholds: readonly Threshold[];
  /** No threshold ends the run before. */
  readonly abortDelayMs: number;
}

export const RESULT_FLAGS = {
  output: { type: 'string', multiple: true },
  threshold: { type: 'string', multiple: true },
  'abort-threshold': { type: 'string', multiple: true },
  'abort-delay': { type: 'string' },
} as const;

interface ResultFlags {
  readonly output?: string[];
  readonly threshold?: string[];
  readonly 'abort-threshold'?: string[];
  readonly 'abort-delay'?: string;
}

const MAX_OUTPUTS = 10;
const MAX_THRESHOLDS = 50;

/**
 * @param isUntrusted the options come from others, who may not name files
 * @throws InputError
 */
export function parseResult(flags: ResultFlags, isUntrusted: boolean): ResultOptions {
  const { output = [], threshold = [], 'abort-threshold': deadly = [], 'abort-delay': delay } = flags;
  if (output.length > MAX_OUTPUTS) throw new InputError(`at most ${MAX_OUTPUTS} --output, not ${output.length}`);
  if (isUntrusted && output.length > 0) throw new InputError('--output does not go with --untrusted: it names a file');
  if (threshold.length + deadly.length > MAX_THRESHOLDS) throw new InputError(`at most ${MAX_THRESHOLDS} thresholds`);
  if (delay !== undefined && deadly.length === 0)
    throw new InputError('--abort-delay is about --abort-threshold: give one');
  return {
    outputs: output.map(parseOutput),
    thresholds: [
      ...threshold.map((expr) => compileThreshold(expr, false)),
      ...deadly.map((expr) => compileThreshold(expr, true)),
    ],
    abortDelayMs: delay === undefined ? 0 : parseDuration('--abort-delay', delay),
  };
}

/** Its folder is looked at now: a run of an hour must not end at a slip of the pen. */
export function parseOutput(path: string): OutputFile {
  const extension = extname(path).slice(1).toLowerCase();
  const format = OUTPUT_FORMATS.find((one) => one === extension);
  if (format === undefined) {
    throw new InputError(`--output ${JSON.stringify(path)}: the name must end in .${OUTPUT_FORMATS.join(', .')}`);
  }
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch (error) {
    throw new InputError(`--output ${JSON.stringify(path)}: its folder cannot be written to`, { cause: error });
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw new InputError(`--output ${JSON.stringify(path)} is a folder`);
  }
  return { path, format };
}
