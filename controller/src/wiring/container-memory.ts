import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../clock.ts';
import type { DockerRuntime } from '../collect/docker/runtime.ts';
import type { Remembered } from '../collect/docker/remembered.ts';
import { integer, isObject, object, text } from '../collect/json.ts';
import { errorMessage } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Problems } from '../problems.ts';

/** What containers were made of, kept for the next process: it tells what was deployed and what crashed in between. */
export interface ContainerMemory {
  start(): void;
  /** Writes what is not yet written. */
  stop(): Promise<void>;
}

export interface ContainerMemoryDeps {
  readonly file: string;
  readonly runtimes: readonly Pick<DockerRuntime, 'remembered'>[];
  readonly problems: Problems;
  readonly clock: Clock;
}

/** A process that is killed forgets so much. */
const SAVE_EVERY_MS = 10_000;
/** Written so often without a change, to say that somebody watched. */
const RENEW_MS = 600_000;
/** What happened while nobody watched for longer is no news. */
const NEWS_MS = 86_400_000;
/** Of about 300 bytes each; the rest is left out. */
const MAX_CONTAINERS = 20_000;
const PROBLEM_KEY = 'container-memory';

export function createContainerMemory({ file, runtimes, problems, clock }: ContainerMemoryDeps): ContainerMemory {
  const stopping = new AbortController();
  let saved = '';
  let savedAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;

  function save(isLast: boolean): void {
    const now = clock.now();
    const containers = JSON.stringify(runtimes.flatMap((one) => [...one.remembered()]).slice(0, MAX_CONTAINERS));
    if (!isLast && containers === saved && Math.abs(now - savedAt) < RENEW_MS) return;
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(`${file}.new`, `{"savedAt":${now},"containers":${containers}}\n`, { mode: 0o600 });
      renameSync(`${file}.new`, file);
      saved = containers;
      savedAt = now;
      problems.clear(PROBLEM_KEY);
    } catch (error) {
      const why = `${file} cannot be written: ${errorMessage(error)}`;
      problems.raise(PROBLEM_KEY, 'WriteFailed', `${why}; what happens while the controller is away will not be told`);
    }
  }

  async function keepSaving(): Promise<void> {
    while (!stopping.signal.aborted) {
      await clock.sleep(SAVE_EVERY_MS, stopping.signal).catch(() => undefined);
      save(stopping.signal.aborted);
    }
  }

  return {
    start() {
      running ??= keepSaving();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** By target; empty when there is no such file, it is too old, or is not one of ours. */
export function readContainerMemory(
  file: string,
  { now, log }: { readonly now: number; readonly log: Log },
): ReadonlyMap<string, Remembered> {
  const { savedAt, containers } = object(parse(file, log));
  if (!Array.isArray(containers) || now - (integer(savedAt) ?? 0) > NEWS_MS) return new Map();
  return new Map(containers.slice(0, MAX_CONTAINERS).flatMap(readEntry));
}

/** It only adds to what is told: one that cannot be read keeps nothing from starting. */
function parse(file: string, log: Log): unknown {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    log.warn({ file, error: errorMessage(error) }, 'what happened while nobody watched is not told: unreadable');
    return undefined;
  }
}

function readEntry(entry: unknown): readonly (readonly [string, Remembered])[] {
  const [targetId, value] = Array.isArray(entry) ? entry : [];
  if (typeof targetId !== 'string' || !isObject(value)) return [];
  const { whole, updatable } = object(value['fingerprint']);
  const remembered = {
    id: text(value['id']),
    image: text(value['image']),
    imageId: text(value['imageId']),
    restartCount: integer(value['restartCount']) ?? 0,
    oomKilled: value['oomKilled'] === true,
    fingerprint: { whole: text(whole), updatable: text(updatable) },
  };
  return [[targetId, remembered]];
}
