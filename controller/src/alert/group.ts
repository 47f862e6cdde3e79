import type { Due } from './due.ts';

/** Which of the messages that are due go into one. Today each alert has its own. */
export function group(due: readonly Due[]): readonly (readonly [Due, ...Due[]])[] {
  return due.map((one) => [one]);
}
