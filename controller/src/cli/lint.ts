import type { Admission } from '../apiserver/admission.ts';
import type { Kinds } from '../apiserver/kinds.ts';
import { adviseOn } from '../evaluate/advice.ts';
import type { KubeObject } from '../kube/client.ts';
import { StatusError } from '../kube/status.ts';
import type { Policy, PolicyPlace } from '../model/policy.ts';
import { readManifests, type Manifest } from '../reconcile/manifests.ts';
import { policyFromObject } from '../reconcile/policy-from-object.ts';
import { keyOf, servedKinds } from '../reconcile/policy-files-plan.ts';
import { byPlace, type Finding } from './finding.ts';
import { findPlace } from './place.ts';
import type { Source } from './sources.ts';

/** What the API would check objects with. */
export interface Checker {
  readonly kinds: Kinds;
  readonly admission: Admission;
  /** Where the policies would be in force; absent: on hosts. */
  readonly place?: PolicyPlace | undefined;
}

export interface Linted {
  readonly findings: readonly Finding[];
  /** The policies that would be admitted, with their defaults. */
  readonly policies: readonly Policy[];
}

type Fault = Pick<Finding, 'severity' | 'message'> & { readonly field: string };
type TextSource = Extract<Source, { kind: 'text' }>;

const DEFAULT_NAMESPACE = 'default';

/** Holds every source against what the API would say of it, and all of them against each other. */
export function lint(sources: readonly Source[], checker: Checker): Linted {
  const findings: Finding[] = [];
  const policies: Policy[] = [];
  const owners = new Map<string, string>();
  for (const source of sources) {
    if (source.kind === 'unreadable') {
      findings.push({ file: source.file, line: 1, severity: 'error', message: source.message });
      continue;
    }
    const read = readManifests(source.text);
    if (read.kind === 'broken') {
      findings.push(...read.faults.map((fault) => ({ file: source.file, severity: 'error' as const, ...fault })));
      continue;
    }
    for (const manifest of read.documents) {
      const { faults, policy } = judge(manifest, checker);
      const all = [...duplicates(manifest, source.file, owners), ...faults];
      findings.push(...all.map((fault) => findingOf(fault, manifest, source)));
      if (policy !== undefined) policies.push(policy);
    }
  }
  return { findings: findings.toSorted(byPlace), policies };
}

function duplicates(manifest: Manifest, file: string, owners: Map<string, string>): readonly Fault[] {
  const key = keyOf(manifest);
  const owner = owners.get(key);
  if (owner === undefined) {
    owners.set(key, file);
    return [];
  }
  const where = owner === file ? 'above' : `in ${owner} too`;
  return [error('metadata.name', `${key} is declared ${where}; the first in path order is in force`)];
}

function judge(
  { object }: Manifest,
  { kinds, admission, place }: Checker,
): { readonly faults: readonly Fault[]; readonly policy?: Policy | undefined } {
  const kind = kinds.all.find(({ resource }) => resource.kind === object.kind);
  if (kind === undefined || !servedKinds.includes(object.kind)) {
    const message = `kind ${object.kind} cannot be declared here, only ${servedKinds.join(', ')}`;
    return { faults: [error('kind', message)] };
  }
  const unknown = faultsOf(() => admission.decode(kind, object, 'Strict'));
  const admitted: { object?: KubeObject } = {};
  const invalid = faultsOf(() => {
    const { object: decoded } = admission.decode(kind, inNamespace(object), 'Ignore');
    admission.validate(kind, decoded, undefined);
    admitted.object = decoded;
  });
  const faults = new Map([...unknown, ...invalid].map((fault) => [`${fault.field} ${fault.message}`, fault]));
  if (faults.size > 0 || admitted.object === undefined || object.kind !== 'MonitorPolicy') {
    return { faults: [...faults.values()] };
  }
  return judgePolicy(admitted.object, place);
}

function judgePolicy(
  object: KubeObject,
  place: PolicyPlace | undefined,
): { readonly faults: readonly Fault[]; readonly policy?: Policy } {
  const parsed = policyFromObject(object, place);
  if (parsed.kind === 'invalid') return { faults: [error(parsed.field, parsed.message)] };
  const faults = adviseOn(parsed.policy).map((advice) => ({ severity: 'warning' as const, ...advice }));
  return { faults, policy: parsed.policy };
}

function inNamespace(object: KubeObject): KubeObject {
  const { metadata } = object;
  return { ...object, metadata: { ...metadata, namespace: metadata.namespace ?? DEFAULT_NAMESPACE } };
}

function faultsOf(check: () => void): readonly Fault[] {
  try {
    check();
    return [];
  } catch (thrown) {
    if (!(thrown instanceof StatusError)) throw thrown;
    const { message, details } = thrown.status;
    const causes = details?.causes ?? [];
    if (causes.length > 0) return causes.map(({ field = 'kind', message: what }) => mended(error(field, what)));
    const unknown = [...message.matchAll(/unknown field "([^"]+)"/g)].map(([text, field = 'kind']) =>
      error(field, text),
    );
    return unknown.length > 0 ? unknown : [error('kind', message)];
  }
}

/** An API server names no field for what it did not come to. */
function mended(fault: Fault): Fault {
  if (fault.field !== '<nil>') return fault;
  return error(
    'spec',
    'expressions and what depends on several fields are not checked before the other errors are mended',
  );
}

function error(field: string, message: string): Fault {
  return { severity: 'error', field, message };
}

/** `line 1, column 8: what is wrong`, then the source and the caret, is how a fault in an expression reads. */
const pointed = /^line (\d+), column (\d+): (.*)\n {2}(.*)\n {2}(.*)$/s;

function findingOf(fault: Fault, manifest: Manifest, { file, text }: TextSource): Finding {
  const { severity, field, message } = fault;
  const line = manifest.lineOf(field);
  const found = pointed.exec(message);
  if (found === null) return { file, line, severity, field, message: message.replaceAll('\n', ' ') };
  const [, row = '1', column = '1', what = '', source = '', caret = ''] = found;
  const within = { row: Number(row), column: Number(column) };
  const place = findPlace({ text, line, value: valueAt(manifest.object, field), within });
  return { file, ...place, severity, field, message: what, excerpt: [source, caret] };
}

function valueAt(object: unknown, field: string): string {
  const keys = field.split(/[.[\]]+/).filter((key) => key !== '');
  const value = keys.reduce<unknown>(
    (parent, key) => (typeof parent === 'object' && parent !== null ? Reflect.get(parent, key) : undefined),
    object,
  );
  return typeof value === 'string' ? value : '';
}
