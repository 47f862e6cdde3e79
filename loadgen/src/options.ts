/** Command line and environment -> what to run. All that is wrong is an InputError with one line for the user. */
import { parseArgs } from 'node:util';
import { DEFAULT_ENDPOINTS, endpointName, MAX_ENDPOINTS, parseEndpoint, type Endpoint } from './endpoint.ts';
import { parseDuration } from './duration.ts';
import { InputError } from './input-error.ts';
import { createPlan, LEVELS, parseLevel, type LevelName, type Plan, type StageSpec } from './plan.ts';

export interface LoadOptions {
  readonly kind: 'load';
  /** What the run is called in the live output: a level, or the rate. */
  readonly title: string;
  readonly url: URL;
  readonly endpoints: readonly Endpoint[];
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly plan: Plan;
  readonly concurrency: number;
  readonly isVerbose: boolean;
  readonly isJson: boolean;
  /** undefined: another choice each time. */
  readonly seed: number | undefined;
}

export type Command = LoadOptions | { readonly kind: 'help' };

const DEFAULT_TIMEOUT = '5s';
const DEFAULT_DURATION = '1m';
const MIN_TIMEOUT_MS = 10;
/** The histograms hold two of these. */
const MAX_TIMEOUT_MS = 60_000;
/** One socket each; a process has some thousands of file descriptors. */
const MAX_CONCURRENCY = 10_000;
const MIN_DEFAULT_CONCURRENCY = 10;
const MAX_DEFAULT_CONCURRENCY = 1_000;
const MAX_HEADERS = 50;

const FLAGS = {
  url: { type: 'string' },
  level: { type: 'string' },
  rate: { type: 'string' },
  stage: { type: 'string', multiple: true },
  duration: { type: 'string' },
  concurrency: { type: 'string' },
  endpoint: { type: 'string', multiple: true },
  header: { type: 'string', multiple: true },
  timeout: { type: 'string' },
  seed: { type: 'string' },
  verbose: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Flags = ReturnType<typeof parseArgs<{ options: typeof FLAGS }>>['values'];
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * @param args without the program's name
 * @param env TARGET_URL and STRESS_LEVEL, used where the option is absent
 * @throws InputError
 */
export function parseCommand(args: readonly string[], env: Environment): Command {
  const flags = parseFlags(args);
  if (flags.help === true) return { kind: 'help' };
  const load = parseLoad(flags, env);
  return {
    kind: 'load',
    ...load,
    url: parseUrl(flags.url, env),
    endpoints: parseEndpoints(flags.endpoint),
    headers: parseHeaders(flags.header ?? []),
    timeoutMs: parseTimeout(flags.timeout ?? DEFAULT_TIMEOUT),
    concurrency: flags.concurrency === undefined ? load.concurrency : parseConcurrency(flags.concurrency),
    isVerbose: flags.verbose === true,
    isJson: flags.json === true,
    seed: flags.seed === undefined ? undefined : parseWhole('--seed', flags.seed, { min: 0, max: 2 ** 32 - 1 }),
  };
}

function parseFlags(args: readonly string[]): Flags {
  try {
    return parseArgs({ args: [...args], options: FLAGS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(reason.split(/\. |\n/)[0] ?? reason);
  }
}

interface Load {
  readonly title: string;
  readonly plan: Plan;
  readonly concurrency: number;
}

function parseLoad(flags: Flags, env: Environment): Load {
  const chosen = [flags.level, flags.rate, flags.stage].filter((flag) => flag !== undefined);
  if (chosen.length > 1) throw new InputError('give one of --level, --rate and --stage');
  if (flags.stage !== undefined) {
    if (flags.duration !== undefined)
      throw new InputError('--duration does not go with --stage: each stage has its own');
    const plan = createPlan(flags.stage.map(parseStage));
    return { title: `${plan.stages.length} stages`, plan, concurrency: defaultConcurrency(plan) };
  }
  if (flags.rate !== undefined) {
    const ratePerSecond = parseRate('--rate', flags.rate);
    const plan = createPlan([{ durationMs: parseRunDuration(flags.duration), ratePerSecond, shape: 'constant' }]);
    return { title: `${ratePerSecond}/s`, plan, concurrency: defaultConcurrency(plan) };
  }
  const { level, isFromEnvironment } = chooseLevel(flags, env);
  const { ratePerSecond, connections } = LEVELS[level];
  const durationMs = parseRunDuration(flags.duration ?? (isFromEnvironment ? 'forever' : DEFAULT_DURATION));
  const plan = createPlan([{ durationMs, ratePerSecond, shape: 'constant' }]);
  return { title: level, plan, concurrency: connections };
}

function chooseLevel(flags: Flags, env: Environment): { level: LevelName; isFromEnvironment: boolean } {
  if (flags.level !== undefined) return { level: parseLevel('--level', flags.level), isFromEnvironment: false };
  const fromEnvironment = env['STRESS_LEVEL']?.trim().toLowerCase() ?? '';
  if (fromEnvironment === '') return { level: 'low', isFromEnvironment: false };
  return { level: parseLevel('STRESS_LEVEL', fromEnvironment), isFromEnvironment: true };
}

function parseRunDuration(text: string = DEFAULT_DURATION): number {
  return text === 'forever' || text === '0' ? Infinity : parseDuration('--duration', text);
}

function parseStage(text: string): StageSpec {
  const [duration = '', rate, shape = 'ramp', ...rest] = text.split(':');
  if (rate === undefined || rest.length > 0 || (shape !== 'ramp' && shape !== 'constant')) {
    throw new InputError(`--stage ${JSON.stringify(text)} is not a stage: write 30s:50 or 30s:50:constant`);
  }
  return { durationMs: parseDuration('--stage', duration), ratePerSecond: parseRate('--stage', rate), shape };
}

function parseRate(what: string, text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) {
    throw new InputError(`${what}: ${JSON.stringify(text)} is not a rate: write requests a second, as 50 or 0.5`);
  }
  return Number(text);
}

/** One second of the highest rate: a target that stalls for a second is still sent what is due. */
function defaultConcurrency(plan: Plan): number {
  const highest = Math.max(...plan.stages.map((stage) => Math.max(stage.startRate, stage.endRate)));
  return Math.min(Math.max(Math.ceil(highest), MIN_DEFAULT_CONCURRENCY), MAX_DEFAULT_CONCURRENCY);
}

function parseConcurrency(text: string): number {
  return parseWhole('--concurrency', text, { min: 1, max: MAX_CONCURRENCY });
}

function parseWhole(what: string, text: string, { min, max }: { min: number; max: number }): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new InputError(`${what} ${JSON.stringify(text)} is not a whole number from ${min} to ${max}`);
}

function parseTimeout(text: string): number {
  const milliseconds = parseDuration('--timeout', text);
  if (milliseconds >= MIN_TIMEOUT_MS && milliseconds <= MAX_TIMEOUT_MS) return milliseconds;
  throw new InputError(`--timeout ${JSON.stringify(text)} is out of bounds: from 10ms to 1m`);
}

function parseUrl(flag: string | undefined, env: Environment): URL {
  const what = flag === undefined ? 'TARGET_URL' : '--url';
  const text = flag ?? env['TARGET_URL']?.trim() ?? '';
  if (text === '') throw new InputError('no target: give --url http://host:port or set TARGET_URL');
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new InputError(`${what} ${JSON.stringify(text)} is not an address: write http://host:port or https://host`);
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new InputError(
      `${what}: only scheme, host, port and path; a password goes into --header, a query into --endpoint`,
    );
  }
  return url;
}

function parseEndpoints(texts: readonly string[] | undefined): readonly Endpoint[] {
  if (texts === undefined) return DEFAULT_ENDPOINTS;
  if (texts.length > MAX_ENDPOINTS) throw new InputError(`at most ${MAX_ENDPOINTS} endpoints, not ${texts.length}`);
  const endpoints = texts.map(parseEndpoint);
  const names = endpoints.map(endpointName);
  const double = names.find((name, index) => names.indexOf(name) !== index);
  if (double !== undefined) throw new InputError(`--endpoint ${JSON.stringify(double)} is given twice: use @weight`);
  return endpoints;
}

function parseHeaders(texts: readonly string[]): Readonly<Record<string, string>> {
  if (texts.length > MAX_HEADERS) throw new InputError(`at most ${MAX_HEADERS} headers, not ${texts.length}`);
  return Object.fromEntries(texts.map(parseHeader));
}

function parseHeader(text: string): readonly [string, string] {
  const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e]*)$/.exec(text);
  const [, name = '', value = ''] = match ?? [];
  if (match === null) throw new InputError(`--header ${JSON.stringify(text)} is not a header: write 'Name: value'`);
  if (
    ['connection', 'content-length', 'transfer-encoding', 'upgrade', 'keep-alive', 'expect'].includes(
      name.toLowerCase(),
    )
  ) {
    throw new InputError(`--header ${name} belongs to the connection and cannot be set`);
  }
  return [name.toLowerCase(), value.trim()];
}
