/** Command line and environment -> what to run. All that is wrong is an InputError with one line for the user. */
import { parseArgs } from 'node:util';
import type { Numbering } from './attack.ts';
import { parseDuration } from './duration.ts';
import { InputError } from './input-error.ts';
import { LOAD_FLAGS, parseLoad, type Load } from './load.ts';
import { parseResult, RESULT_FLAGS, type ResultOptions } from './result-options.ts';
import { connectionsOf, parseShare, WHOLE } from './share.ts';
import { parseTarget, TARGET_FLAGS, type TargetOptions } from './target-options.ts';
import { parseWhole } from './whole-number.ts';

export interface LoadOptions extends Load, TargetOptions, ResultOptions {
  readonly kind: 'load';
  readonly timeoutMs: number;
  /** 0: none. */
  readonly warmUpMs: number;
  /** Of requests, for `{{seq}}`. */
  readonly numbering: Numbering;
  /** false: each request has a connection of its own. */
  readonly isKeptAlive: boolean;
  readonly isVerbose: boolean;
  readonly isJson: boolean;
  /** undefined: another choice each time. */
  readonly seed: number | undefined;
}

export type Command = LoadOptions | { readonly kind: 'help' };

const DEFAULT_TIMEOUT = '5s';
const MIN_TIMEOUT_MS = 10;
/** The histograms hold two of these. */
const MAX_TIMEOUT_MS = 60_000;
/** One socket each; a process has some thousands of file descriptors. */
const MAX_CONCURRENCY = 10_000;
/** Longer is a load test of its own. */
const MAX_WARM_UP_MS = 300_000;
const MAX_UINT32 = 2 ** 32 - 1;

const FLAGS = {
  ...TARGET_FLAGS,
  ...LOAD_FLAGS,
  ...RESULT_FLAGS,
  concurrency: { type: 'string' },
  share: { type: 'string' },
  timeout: { type: 'string' },
  'no-keep-alive': { type: 'boolean' },
  'warm-up': { type: 'string' },
  'seq-first': { type: 'string' },
  'seq-step': { type: 'string' },
  seed: { type: 'string' },
  verbose: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Names of all options, without dashes. */
export const OPTION_NAMES: readonly string[] = Object.keys(FLAGS);

type Flags = ReturnType<typeof parseArgs<{ options: typeof FLAGS }>>['values'];
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * @param args without the program's name
 * @param env TARGET_URL and STRESS_LEVEL, used where the option is absent; secrets and values that options name
 * @throws InputError
 */
export function parseCommand(args: readonly string[], env: Environment): Command {
  const flags = parseFlags(args);
  if (flags.help === true) return { kind: 'help' };
  const share = flags.share === undefined ? WHOLE : parseShare(flags.share);
  const load = parseLoad(flags, env, share);
  const first = parseWhole('--seq-first', flags['seq-first'] ?? '1', { min: 0, max: MAX_UINT32 });
  const step = parseWhole('--seq-step', flags['seq-step'] ?? '1', { min: 1, max: MAX_UINT32 });
  const seed = flags.seed === undefined ? undefined : parseWhole('--seed', flags.seed, { min: 0, max: MAX_UINT32 });
  return {
    kind: 'load',
    ...load,
    ...parseTarget(flags, env, seed),
    ...parseResult(flags, flags.untrusted === true),
    timeoutMs: parseTimeout(flags.timeout ?? DEFAULT_TIMEOUT),
    warmUpMs: flags['warm-up'] === undefined ? 0 : parseWarmUp(flags['warm-up']),
    concurrency:
      flags.concurrency === undefined ? load.concurrency : connectionsOf(share, parseConcurrency(flags.concurrency)),
    numbering: { first: first + share.index * step, step: step * share.count },
    isKeptAlive: flags['no-keep-alive'] !== true,
    isVerbose: flags.verbose === true,
    isJson: flags.json === true,
    seed,
  };
}

function parseFlags(args: readonly string[]): Flags {
  try {
    return parseArgs({ args: [...args], options: FLAGS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // The last line says how it is written; of an unknown option it would speak of arguments that we do not take.
    const advice = /is ambiguous/.test(reason) ? ` ${reason.split('\n').at(-1)}` : '';
    throw new InputError(`${reason.split(/\. |\n/)[0]}${advice}`);
  }
}

function parseConcurrency(text: string): number {
  return parseWhole('--concurrency', text, { min: 1, max: MAX_CONCURRENCY });
}

function parseTimeout(text: string): number {
  const milliseconds = parseDuration('--timeout', text);
  if (milliseconds >= MIN_TIMEOUT_MS && milliseconds <= MAX_TIMEOUT_MS) return milliseconds;
  throw new InputError(`--timeout ${JSON.stringify(text)} is out of bounds: from 10ms to 1m`);
}

function parseWarmUp(text: string): number {
  const milliseconds = parseDuration('--warm-up', text);
  if (milliseconds <= MAX_WARM_UP_MS) return milliseconds;
  throw new InputError(`--warm-up ${JSON.stringify(text)} is out of bounds: at most 5m`);
}
