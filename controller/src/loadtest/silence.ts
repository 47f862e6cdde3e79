import type { Generator, Output } from './launcher.ts';

/** A line is due every second; a machine that is stuck for longer than this measures nothing true. */
export const SILENCE_MS = 30_000;

/** Notices generators that run and say nothing new. Kept in memory: after a restart it counts anew. */
export interface Silence {
  /** @returns ids of those that have been silent for too long */
  observe(generators: readonly Generator[], outputs: ReadonlyMap<string, Output>, now: number): ReadonlySet<string>;
}

interface Heard {
  readonly elapsedSeconds: number;
  readonly at: number;
}

/** Generators that are remembered; far more than run at one time. */
const MAX_REMEMBERED = 10_000;

export function createSilence(): Silence {
  const heard = new Map<string, Heard>();
  return {
    observe(generators, outputs, now) {
      const silent = new Set<string>();
      for (const { id, state } of generators) {
        const elapsedSeconds = outputs.get(id)?.progress?.elapsedSeconds;
        if (state.kind !== 'running' || elapsedSeconds === undefined) {
          heard.delete(id);
          continue;
        }
        const before = heard.get(id);
        if (before?.elapsedSeconds !== elapsedSeconds) heard.set(id, { elapsedSeconds, at: now });
        else if (now - before.at > SILENCE_MS) silent.add(id);
      }
      if (heard.size > MAX_REMEMBERED) heard.clear();
      return silent;
    },
  };
}
