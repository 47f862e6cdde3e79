/** How much: a level, a rate or stages, from the options or from the environment. */
import { parseDuration } from './duration.ts';
import { InputError } from './input-error.ts';
import { createPlan, LEVELS, parseLevel, type LevelName, type Plan, type StageSpec } from './plan.ts';
import { connectionsOf, phaseOf, type Share } from './share.ts';

export const LOAD_FLAGS = {
  level: { type: 'string' },
  rate: { type: 'string' },
  stage: { type: 'string', multiple: true },
  duration: { type: 'string' },
} as const;

export interface LoadFlags {
  readonly level?: string | undefined;
  readonly rate?: string | undefined;
  readonly stage?: readonly string[] | undefined;
  readonly duration?: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_DURATION = '1m';
const MIN_DEFAULT_CONCURRENCY = 10;
const MAX_DEFAULT_CONCURRENCY = 1_000;

export interface Load {
  /** What the run is called in the live output: a level, or the rate. */
  readonly title: string;
  readonly plan: Plan;
  readonly concurrency: number;
}

/**
 * @param share what of the load is ours
 * @throws InputError
 */
export function parseLoad(flags: LoadFlags, env: Environment, share: Share): Load {
  const chosen = [flags.level, flags.rate, flags.stage].filter((flag) => flag !== undefined);
  if (chosen.length > 1) throw new InputError('give one of --level, --rate and --stage');
  if (flags.stage !== undefined) {
    if (flags.duration !== undefined)
      throw new InputError('--duration does not go with --stage: each stage has its own');
    const plan = sharedPlan(flags.stage.map(parseStage), share);
    return { title: `${plan.stages.length} stages`, plan, concurrency: defaultConcurrency(plan) };
  }
  if (flags.rate !== undefined) {
    const ratePerSecond = parseRate('--rate', flags.rate);
    const durationMs = parseRunDuration(flags.duration);
    const plan = sharedPlan([{ durationMs, ratePerSecond, shape: 'constant' }], share);
    return { title: `${ratePerSecond}/s`, plan, concurrency: defaultConcurrency(plan) };
  }
  const { level, isFromEnvironment } = chooseLevel(flags, env);
  const { ratePerSecond, connections } = LEVELS[level];
  const durationMs = parseRunDuration(flags.duration ?? (isFromEnvironment ? 'forever' : DEFAULT_DURATION));
  const plan = sharedPlan([{ durationMs, ratePerSecond, shape: 'constant' }], share);
  return { title: level, plan, concurrency: connectionsOf(share, connections) };
}

function sharedPlan(stages: readonly StageSpec[], share: Share): Plan {
  const parts = stages.map((stage) => ({ ...stage, ratePerSecond: stage.ratePerSecond / share.count }));
  return createPlan(parts, phaseOf(share));
}

function chooseLevel(flags: LoadFlags, env: Environment): { level: LevelName; isFromEnvironment: boolean } {
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
