import type { Target } from '../model/target.ts';
import { hostOf } from './target.ts';

/** A name in front of pods, as a cluster has it. */
export interface Service {
  readonly namespace: string;
  /** Labels of its pods; empty when it leads to what is no pod of the cluster. */
  readonly selector: Readonly<Record<string, string>>;
}

/** Undefined when there is none of that name. */
export type FindService = (namespace: string, name: string) => Promise<Service | undefined>;

/** What may follow name and namespace. A shorter or longer end could be a name of the world outside. */
const ENDS: ReadonlySet<string> = new Set(['', 'svc', 'svc.cluster.local']);

/** The Service that an address names, seen from a pod of `namespace`; undefined for what is no such name. */
export function serviceNameOf(
  url: string,
  namespace: string,
): { readonly namespace: string; readonly name: string } | undefined {
  const [name = '', within = namespace, ...end] = (hostOf(url) ?? '').split('.');
  return isLabel(name) && isLabel(within) && ENDS.has(end.join('.')) ? { namespace: within, name } : undefined;
}

function isLabel(text: string): boolean {
  return /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text);
}

/** The containers of the pods that a Service leads to. */
export function targetsOfService({ namespace, selector }: Service, targets: readonly Target[]): readonly Target[] {
  const wanted = Object.entries(selector);
  if (wanted.length === 0) return [];
  return targets.filter(
    (target) =>
      target.namespace === namespace &&
      wanted.every(([key, value]) => Object.hasOwn(target.labels, key) && target.labels[key] === value),
  );
}

/** Reads a Service of the API; one that leads out of the cluster has no pods. */
export function decodeService(namespace: string, spec: unknown): Service {
  const { type, selector } = isRecord(spec) ? spec : {};
  if (type === 'ExternalName' || !isRecord(selector)) return { namespace, selector: {} };
  const pairs = Object.entries(selector).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : []));
  return { namespace, selector: Object.fromEntries(pairs) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
