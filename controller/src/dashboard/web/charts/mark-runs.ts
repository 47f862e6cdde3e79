import type { ChartMark } from './chart-spec.ts';

/** Marks that stand too close to be told apart, drawn as one: `X×30`. */
export interface MarkRun {
  /** Where the first and the last of them stand, in pixels; equal for one alone. */
  readonly from: number;
  readonly to: number;
  /** The gravest of them. */
  readonly kind: ChartMark['kind'];
  /** How many there are of that kind. */
  readonly count: number;
}

const gravestFirst: readonly ChartMark['kind'][] = ['crash', 'restart', 'deploy', 'change'];

/** `marks` in the order of their places; two of one run are less than `room` pixels apart. */
export function markRuns(
  marks: readonly { readonly x: number; readonly kind: ChartMark['kind'] }[],
  room: number,
): readonly MarkRun[] {
  const runs: { x: number; kind: ChartMark['kind'] }[][] = [];
  let last = -Infinity;
  for (const mark of marks) {
    if (mark.x - last < room) runs.at(-1)?.push(mark);
    else runs.push([mark]);
    last = mark.x;
  }
  return runs.map((run) => {
    const kind = gravestFirst.find((one) => run.some((mark) => mark.kind === one)) ?? 'change';
    const count = run.filter((mark) => mark.kind === kind).length;
    return { from: run[0]?.x ?? 0, to: run.at(-1)?.x ?? 0, kind, count };
  });
}
