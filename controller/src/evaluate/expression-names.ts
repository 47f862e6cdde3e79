import { metricNames } from '../model/metrics.ts';
import { environmentNames } from './environment.ts';
import { windowFunctions } from './windows.ts';

/** A name that a rule's expression may use. */
export interface ExpressionName {
  /** `cpu`, `container.name`, `avgOver("cpu", "5m")`; in `probes.*.up` the star stands for the name of a probe. */
  readonly name: string;
  /** `double`, `map<string, string>` ... */
  readonly type: string;
}

/** What an editor can propose: all variables with their fields, and the functions over recent samples. */
export function expressionNames(): readonly ExpressionName[] {
  const windows = windowFunctions.map((name) => ({ name: `${name}("${metricNames[0]}", "5m")`, type: 'double' }));
  return [...environmentNames(), ...windows];
}
