import { invalidOptions, invalidValue, type FieldError } from '../../kube/status.ts';
import { isTrue } from '../http/list-options.ts';
import { isDateTime } from '../schema/date-time.ts';

/** PodLogOptions of Kubernetes, as `kubectl logs` sends them. */
export interface PodLogOptions {
  /** The pod's only container when absent. */
  readonly container?: string | undefined;
  readonly follow: boolean;
  readonly timestamps: boolean;
  /** Of the runs before the present one. */
  readonly previous: boolean;
  readonly tailLines?: number | undefined;
  readonly sinceSeconds?: number | undefined;
  /** Epoch milliseconds. */
  readonly sinceTimeMs?: number | undefined;
  readonly limitBytes?: number | undefined;
}

/** Reads the query of `GET …/pods/NAME/log`. Throws a StatusError (422) naming every option that is out of range. */
export function parseLogOptions(query: URLSearchParams): PodLogOptions {
  const errors: FieldError[] = [];
  const text = (name: string): string | undefined => query.get(name) || undefined;
  const whole = (name: string, least: number): number | undefined => {
    const found = text(name);
    if (found === undefined) return undefined;
    const value = /^-?\d{1,15}$/.test(found) ? Number(found) : Number.NaN;
    if (value >= least) return value;
    errors.push(invalidValue(name, found, `must be an integer greater than or equal to ${least}`));
    return undefined;
  };
  const time = (name: string): number | undefined => {
    const found = text(name);
    if (found === undefined || isDateTime(found)) return found === undefined ? undefined : Date.parse(found);
    errors.push(invalidValue(name, found, 'must be a time of RFC 3339'));
    return undefined;
  };
  const options: PodLogOptions = {
    container: text('container'),
    follow: isTrue(query, 'follow'),
    timestamps: isTrue(query, 'timestamps'),
    previous: isTrue(query, 'previous'),
    tailLines: whole('tailLines', 0),
    sinceSeconds: whole('sinceSeconds', 1),
    sinceTimeMs: time('sinceTime'),
    limitBytes: whole('limitBytes', 1),
  };
  if (options.sinceSeconds !== undefined && options.sinceTimeMs !== undefined) {
    const message = 'Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified';
    errors.push({ type: 'Forbidden', field: 'sinceSeconds', message });
  }
  if (errors.length > 0) throw invalidOptions('PodLogOptions', errors);
  return options;
}
