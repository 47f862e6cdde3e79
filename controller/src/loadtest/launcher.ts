import type { ProgressLine, ReportLine } from './protocol.ts';

/** One generator as it is now. A launcher keeps nothing in memory: what it says is read from the engine or the machine. */
export interface Generator {
  /** Of the launcher: a container id, a folder name. */
  readonly id: string;
  /** uid of the LoadTest. */
  readonly owner: string;
  /** Which run of it: when that run began, epoch milliseconds. */
  readonly run: number;
  /** Which of the generators of that run, from 0. */
  readonly index: number;
  readonly state: GeneratorState;
}

export type GeneratorState =
  /** `waitsFor`: it starts without being launched again, once this is over; for people. */
  | { readonly kind: 'starting'; readonly waitsFor?: string | undefined }
  | { readonly kind: 'running' }
  /** `code` is absent when it cannot be known; `reason` is for people. */
  | { readonly kind: 'ended'; readonly code?: number | undefined; readonly reason: string };

/** What a generator has said. Progress is cumulative, so the last line tells all. */
export interface Output {
  readonly progress?: ProgressLine | undefined;
  readonly report?: ReportLine | undefined;
  /** Its last complaint, for people; empty when there is none. */
  readonly complaint: string;
}

/** A generator to be started. */
export interface LaunchOrder {
  readonly owner: string;
  readonly run: number;
  readonly index: number;
  /** Generators of the run, of which this is one. */
  readonly parallelism: number;
  /** Of the LoadTest, for names that people see. */
  readonly name: string;
  /** Of the LoadTest. */
  readonly namespace: string;
  /** How long it runs, the last answer included. */
  readonly planMs: number;
  /** Address of the target, as people write it; a launcher may have to give the generator another. */
  readonly url: string;
  /** Command line of `foghorn-load` for the load of all generators together, but for `--url` and `--share`. */
  readonly args: readonly string[];
  /** Variables of the controller's environment that the generator gets; see {@link secretsOf}. */
  readonly secrets?: readonly string[] | undefined;
}

export interface Generators {
  readonly generators: readonly Generator[];
  /** Where generators could be and could not be looked for, with the reason: one that is not listed may live there. */
  readonly away: readonly string[];
}

/**
 * Where load runs. Every call ends within its deadline. Generators are found again by labels or files, so that a
 * controller that restarts goes on with what runs.
 */
export interface LoadLauncher {
  readonly kind: 'docker' | 'process' | 'job';
  /** Generators of one LoadTest, of all its runs; of every LoadTest without an owner. */
  list(owner: string | undefined, signal: AbortSignal): Promise<Generators>;
  /**
   * Starts one; does nothing when it is there already. A launcher may start all of the run with it, and then ends and
   * removes by force all of them at once. Throws a {@link LaunchError}.
   */
  launch(order: LaunchOrder, signal: AbortSignal): Promise<void>;
  /** Nothing for one that is gone. */
  read(generator: Generator, signal: AbortSignal): Promise<Output>;
  /** Asks it to end and to report, once however often this is called; with `force` ends it. Returns at once. */
  stop(generator: Generator, force: boolean, signal: AbortSignal): Promise<void>;
  /** Ends it at once, and removes all that is left of it. One that is gone is no fault. */
  remove(generator: Generator, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** A generator could not be started. */
export class LaunchError extends Error {
  /** Trying again would not help. */
  readonly isFinal: boolean;

  constructor(message: string, isFinal: boolean, options?: ErrorOptions) {
    super(message, options);
    this.name = 'LaunchError';
    this.isFinal = isFinal;
  }
}

/** The variables that an order names, from the controller's environment. Throws a {@link LaunchError} when one is not set. */
export function secretsOf(
  { secrets = [] }: Pick<LaunchOrder, 'secrets'>,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const pairs = secrets.map((name) => {
    const value = env[name] ?? '';
    if (value === '') throw new LaunchError(`the environment of the controller has no ${name}`, true);
    return [name, value] as const;
  });
  return Object.fromEntries(pairs);
}

/**
 * The whole command line of one generator.
 * @param url the target, as the generator reaches it
 * @param index of the order; or what becomes it where the generator starts
 */
export function argumentsOf(
  { args, parallelism, ...order }: Pick<LaunchOrder, 'args' | 'parallelism' | 'index'>,
  url: string,
  index: string = String(order.index),
): readonly string[] {
  const share = parallelism === 1 ? [] : ['--share', `${index}/${parallelism}`];
  return ['--url', url, ...share, ...args];
}

/** Name of a generator, the same for the same order: a second start of it fails. */
export function generatorName(order: Pick<LaunchOrder, 'owner' | 'run' | 'index'>): string {
  return `${runName(order)}-${order.index}`;
}

/** What the generators of a run have in common. */
export function runName({ owner, run }: Pick<LaunchOrder, 'owner' | 'run'>): string {
  return `foghorn-load-${owner.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 12)}-${run.toString(36)}`;
}
