import { nodeSources } from '../sources.ts';
import { amount, isObject, list, object, text } from '../../json.ts';
import type { Sample } from '../../sample.ts';
import { isKubeletFault, KubeletError } from '../failure.ts';
import type { Summary } from '../kubelet.ts';

/** What a member says of one node: a line of JSON. */
export type NodeAnswer =
  | { readonly node: string; readonly kind: 'summary'; readonly summary: Summary }
  | { readonly node: string; readonly kind: 'failed'; readonly error: KubeletError };

/** Of a sample but its time, in this order: other replicas of this version read them by place. */
const numbers = [
  'cpuNs',
  'memoryBytes',
  'receivedBytes',
  'transmittedBytes',
  'readBytes',
  'writtenBytes',
  'processes',
  'hostCpus',
] as const satisfies readonly (keyof Sample)[];
/** As of a summary. */
const MAX_SAMPLES = 2000 * 128;
const MAX_ERROR_CHARACTERS = 1000;

/** A fifteenth of the size of what the kubelet said. */
export function encodeAnswer(answer: NodeAnswer): string {
  const { node } = answer;
  if (answer.kind === 'failed') {
    const { fault, message } = answer.error;
    return JSON.stringify({ node, fault, message });
  }
  const { source, clockMs, skewMs, note, samples } = answer.summary;
  const rows = [...samples].map(([key, sample]) => [
    key,
    String(sample.readAtNs),
    ...numbers.map((name) => sample[name] ?? null),
  ]);
  return JSON.stringify({ node, source, clockMs, skewMs, note, samples: rows });
}

/** Undefined: no answer, as of a replica of another version. */
export function decodeAnswer(line: string): NodeAnswer | undefined {
  const fields = object(parse(line));
  const node = text(fields['node']);
  const source = nodeSources.find((known) => known === fields['source']);
  const { fault, clockMs, skewMs, note } = fields;
  if (isKubeletFault(fault)) {
    const message = text(fields['message']).slice(0, MAX_ERROR_CHARACTERS);
    return { node, kind: 'failed', error: new KubeletError(fault, message) };
  }
  if (source === undefined || typeof clockMs !== 'number' || !Array.isArray(fields['samples'])) return undefined;
  const summary = {
    source,
    clockMs,
    skewMs: typeof skewMs === 'number' ? skewMs : undefined,
    note: typeof note === 'string' ? note : undefined,
    samples: new Map(list(fields['samples'], MAX_SAMPLES).flatMap(decodeRow)),
  };
  return { node, kind: 'summary', summary };
}

function decodeRow(row: unknown): readonly (readonly [string, Sample])[] {
  const [key, readAtNs, ...values] = list(row, numbers.length + 2);
  if (typeof key !== 'string' || typeof readAtNs !== 'string' || !/^\d{1,20}$/.test(readAtNs)) return [];
  const sample: { -readonly [Name in keyof Sample]: Sample[Name] } = { readAtNs: BigInt(readAtNs) };
  for (const [index, name] of numbers.entries()) {
    const value = amount(values[index]);
    if (value !== undefined) sample[name] = value;
  }
  return [[key, sample]];
}

function parse(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
