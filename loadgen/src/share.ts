/** Several generators carry out one load together, each its share. */
import { InputError } from './input-error.ts';

export interface Share {
  /** Which of them, from 0. */
  readonly index: number;
  readonly count: number;
}

export const WHOLE: Share = { index: 0, count: 1 };

const MAX_COUNT = 1_000;

/** @param text `INDEX/COUNT`, INDEX from 0 as an Indexed Job of Kubernetes counts. @throws InputError */
export function parseShare(text: string): Share {
  const [, index, count] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number);
  if (index !== undefined && count !== undefined && index < count && count <= MAX_COUNT) return { index, count };
  const reason = `write INDEX/COUNT, INDEX from 0 to COUNT - 1, COUNT at most ${MAX_COUNT}`;
  throw new InputError(`--share ${JSON.stringify(text)} is not a share: ${reason}`);
}

/** Of `count` requests in a row each generator has one, in turns: together they have every request of the whole load, when it is due. */
export function phaseOf({ index, count }: Share): number {
  return (index + 0.5) / count;
}

/** Connections of one of them; what cannot be divided goes to the first. One at least. */
export function connectionsOf({ index, count }: Share, connections: number): number {
  return Math.max(1, Math.floor(connections / count) + (index < connections % count ? 1 : 0));
}
