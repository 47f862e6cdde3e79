/** A plan says at which rate requests are due, at which time of the run. */
import { InputError } from './input-error.ts';

/** What a user asks for: reach `ratePerSecond` at the end of the stage, or hold it through the stage. */
export interface StageSpec {
  /** Infinity: until stopped; only as a single constant stage. */
  readonly durationMs: number;
  readonly ratePerSecond: number;
  readonly shape: 'ramp' | 'constant';
}

export interface Stage {
  /** Since the start of the run. */
  readonly startMs: number;
  readonly durationMs: number;
  /** Requests a second; the rate between start and end is linear. */
  readonly startRate: number;
  readonly endRate: number;
  /** Requests due before the stage, and before its end; fractions of a request count. */
  readonly startCount: number;
  readonly endCount: number;
}

export interface Plan {
  readonly stages: readonly Stage[];
  /** Infinity for a plan that runs until it is stopped. */
  readonly durationMs: number;
  /** Requests in the whole run, exactly; Infinity for a plan that runs until it is stopped. */
  readonly totalRequests: number;
  /** Where each request stands in its interval, above 0 and below 1. */
  readonly phase: number;
}

/** In the middle. */
const ALONE_PHASE = 0.5;

export interface Level {
  readonly connections: number;
  readonly ratePerSecond: number;
}

export type LevelName = 'low' | 'medium' | 'high' | 'extreme';

export const LEVELS: Readonly<Record<LevelName, Level>> = {
  low: { connections: 2, ratePerSecond: 5 },
  medium: { connections: 5, ratePerSecond: 20 },
  high: { connections: 10, ratePerSecond: 50 },
  extreme: { connections: 20, ratePerSecond: 100 },
};

/** More than one generator reaches; a larger number is a slip of the pen. */
export const MAX_RATE_PER_SECOND = 100_000;
/** A load test longer than a day is a mistake, or wants `forever`. */
export const MAX_DURATION_MS = 86_400_000;
/** A stage is looked up for every request. */
export const MAX_STAGES = 100;

export function isLevelName(text: string): text is LevelName {
  return Object.hasOwn(LEVELS, text);
}

/** @throws InputError when there is no level of that name */
export function parseLevel(what: string, text: string): LevelName {
  if (isLevelName(text)) return text;
  throw new InputError(`${what} ${JSON.stringify(text)} is not known: choose ${Object.keys(LEVELS).join(', ')}`);
}

/**
 * Lays the stages one after the other; the first ramp starts at rate 0.
 * @param phase another one for each of several generators, so that their requests stand between each other's
 * @throws InputError when a stage is out of bounds or the plan asks for no request at all
 */
export function createPlan(specs: readonly StageSpec[], phase: number = ALONE_PHASE): Plan {
  if (specs.length > MAX_STAGES) throw new InputError(`a plan has at most ${MAX_STAGES} stages, not ${specs.length}`);
  const stages: Stage[] = [];
  for (const spec of specs) {
    checkStage(spec, specs.length);
    stages.push(placeStage(spec, stages.at(-1)));
  }
  const last = stages.at(-1);
  const durationMs = last === undefined ? 0 : last.startMs + last.durationMs;
  const totalRequests = last === undefined ? 0 : Math.floor(last.endCount + 1 - phase);
  if (totalRequests === 0) throw new InputError('the plan asks for no request: raise a rate or a duration');
  if (durationMs > MAX_DURATION_MS && durationMs !== Infinity) throw new InputError('a plan lasts at most 24h');
  return { stages, durationMs, totalRequests, phase };
}

function placeStage(spec: StageSpec, before: Stage | undefined): Stage {
  const startRate = spec.shape === 'constant' ? spec.ratePerSecond : (before?.endRate ?? 0);
  const startCount = before?.endCount ?? 0;
  return {
    startMs: before === undefined ? 0 : before.startMs + before.durationMs,
    durationMs: spec.durationMs,
    startRate,
    endRate: spec.ratePerSecond,
    startCount,
    endCount: startCount + ((startRate + spec.ratePerSecond) / 2) * (spec.durationMs / 1_000),
  };
}

function checkStage(spec: StageSpec, stageCount: number): void {
  const { durationMs, ratePerSecond, shape } = spec;
  if (!(ratePerSecond >= 0 && ratePerSecond <= MAX_RATE_PER_SECOND)) {
    throw new InputError(`a rate is from 0 to ${MAX_RATE_PER_SECOND} requests a second, not ${ratePerSecond}`);
  }
  if (durationMs === Infinity && (shape === 'ramp' || stageCount > 1 || ratePerSecond === 0)) {
    throw new InputError('only a single constant rate above 0 can run until it is stopped');
  }
  if (!(durationMs > 0)) throw new InputError('a stage lasts longer than 0');
}
