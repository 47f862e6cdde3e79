import type { ContainerObservation } from '../../controller/src/model/observation.ts';

interface Condition {
  readonly expr: string;
  /** The same by hand; undefined when a value is missing. */
  readonly judge: (seen: ContainerObservation) => boolean | undefined;
}

/** What the rules of the benchmark are made of; only the first is ever true. */
export const conditions: readonly Condition[] = [
  { expr: 'cpu > 95', judge: ({ resources: { cpuPercent } }) => above(cpuPercent, 95) },
  { expr: '!up', judge: ({ state }) => state !== 'running' },
  {
    expr: 'cpu > 99 && memory > 90',
    judge: ({ resources: { cpuPercent, memoryPercent } }) => both(above(cpuPercent, 99), above(memoryPercent, 90)),
  },
  {
    expr: 'memory > 90 || restarts > 3',
    judge: (seen) => either(above(seen.resources.memoryPercent, 90), seen.restarts > 3),
  },
  { expr: 'processes > 1000', judge: ({ resources: { processes } }) => above(processes, 1000) },
];

function above(value: number | undefined, bound: number): boolean | undefined {
  return value === undefined ? undefined : value > bound;
}

function both(a: boolean | undefined, b: boolean | undefined): boolean | undefined {
  return a === false || b === false ? false : a === undefined || b === undefined ? undefined : true;
}

function either(a: boolean | undefined, b: boolean | undefined): boolean | undefined {
  return a === true || b === true ? true : a === undefined || b === undefined ? undefined : false;
}

/** A verdict for each of so many rules. */
export function judgePlainly(seen: ContainerObservation, rules: number): readonly string[] {
  return Array.from({ length: rules }, (_, index) => {
    const verdict = conditions[index % conditions.length]?.judge(seen);
    return verdict === undefined ? 'unknown' : verdict ? 'breach' : 'clear';
  });
}
