import { isRecord } from '../cluster-decode.ts';
import type { KubeObject, Resource } from '../client.ts';

/** What a Lease says of an election; times are its text, since the clocks that wrote them are not ours. */
export interface LeaseRecord {
  /** Empty: nobody. */
  readonly holder: string;
  /** For how long, after the last change that it sees, nobody else takes it. */
  readonly durationMs: number;
  readonly acquireTime: string;
  readonly renewTime: string;
  /** How often the holder has changed. */
  readonly transitions: number;
  /** Where the holder is reached by the other replicas. */
  readonly url: string | undefined;
}

export const leases: Resource = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  kind: 'Lease',
  namespaced: true,
};

const URL_ANNOTATION = 'foghorn.dev/replica-url';
/** Of a Lease that does not say it. */
const USUAL_DURATION_MS = 15_000;

/** What is missing or of another kind than it should be counts as not said. */
export function decodeLease({ metadata, spec }: KubeObject): LeaseRecord {
  const fields = isRecord(spec) ? spec : {};
  const url = metadata.annotations?.[URL_ANNOTATION];
  const seconds = positive(fields['leaseDurationSeconds']);
  return {
    holder: textOf(fields['holderIdentity']),
    durationMs: seconds === undefined ? USUAL_DURATION_MS : seconds * 1000,
    acquireTime: textOf(fields['acquireTime']),
    renewTime: textOf(fields['renewTime']),
    transitions: positive(fields['leaseTransitions']) ?? 0,
    url: url !== undefined && /^https?:\/\/[^/]/.test(url) ? url : undefined,
  };
}

/** The Lease that says so: `before` with what others keep in it, or a new one. */
export function encodeLease(
  record: LeaseRecord,
  place: { readonly namespace: string; readonly name: string },
  before: KubeObject | undefined,
): KubeObject {
  const { [URL_ANNOTATION]: _, ...others } = before?.metadata.annotations ?? {};
  const annotations = record.url === undefined ? others : { ...others, [URL_ANNOTATION]: record.url };
  return {
    apiVersion: `${leases.group}/${leases.version}`,
    kind: leases.kind,
    metadata: { ...(before?.metadata ?? place), annotations },
    spec: {
      ...(isRecord(before?.spec) ? before.spec : {}),
      holderIdentity: record.holder,
      leaseDurationSeconds: Math.ceil(record.durationMs / 1000),
      acquireTime: record.acquireTime,
      renewTime: record.renewTime,
      leaseTransitions: record.transitions,
    },
  };
}

/** MicroTime: an API server refuses fewer than six digits. */
export function microTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '000Z');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
