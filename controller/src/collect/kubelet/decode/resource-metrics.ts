import type { Sample } from '../../sample.ts';
import { sampleKey, type Samples } from './summary.ts';

/** Containers of a node: far more than any kubelet runs. */
const MAX_SAMPLES = 20_000;
const NS_PER_SECOND = 1e9;
const NS_PER_MS = 1_000_000n;

/** The two metrics that are read, with their labels; they are STABLE since Kubernetes 1.29. */
const METRIC = /^container_(cpu_usage_seconds_total|memory_working_set_bytes)\{([^}]*)\} (\S+)(?: (\d{1,15}))?$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;
const SCRAPE_ERROR = /^resource_scrape_error ([01])$/m;

/**
 * Body of `GET /metrics/resource`, Prometheus text; undefined when it is none, or the kubelet could not read a thing.
 * CPU and memory only. Each line carries the time of its sample; `clockMs` stands in where one does not.
 */
export function decodeResourceMetrics(body: string, clockMs: number): Samples | undefined {
  const samples = new Map<string, Sample>();
  for (const line of linesOf(body)) {
    const read = readLine(line, clockMs);
    if (read === undefined) continue;
    const known = samples.get(read.key);
    if (known === undefined && samples.size >= MAX_SAMPLES) break;
    samples.set(read.key, merge(known, read.part));
  }
  const scrapeError = SCRAPE_ERROR.exec(body)?.[1];
  return samples.size === 0 && scrapeError !== '0' ? undefined : samples;
}

/** The time of the CPU counter counts: rates are made of it. */
function merge(known: Sample | undefined, part: Sample): Sample {
  const readAtNs = part.cpuNs === undefined ? (known?.readAtNs ?? part.readAtNs) : part.readAtNs;
  return { ...known, ...part, readAtNs };
}

/** One of the metrics that are read, of one container. */
function readLine(line: string, clockMs: number): { readonly key: string; readonly part: Sample } | undefined {
  const [, metric, labels = '', value = '', timeMs] = METRIC.exec(line) ?? [];
  const key = keyOf(labels);
  const amount = Number(value);
  if (metric === undefined || key === undefined || !Number.isFinite(amount) || amount < 0) return undefined;
  const readAtNs = BigInt(timeMs ?? Math.round(clockMs)) * NS_PER_MS;
  const isCpu = metric === 'cpu_usage_seconds_total';
  return {
    key,
    part: { readAtNs, ...(isCpu ? { cpuNs: Math.round(amount * NS_PER_SECOND) } : { memoryBytes: amount }) },
  };
}

function keyOf(labels: string): string | undefined {
  const named = new Map([...labels.matchAll(LABEL)].map(([, name = '', value = '']) => [name, value]));
  const [namespace, pod, container] = ['namespace', 'pod', 'container'].map((name) => named.get(name));
  if (namespace === undefined || pod === undefined || container === undefined) return undefined;
  return sampleKey(namespace, pod, container);
}

function* linesOf(text: string): Generator<string, void> {
  for (let from = 0; from < text.length;) {
    const end = text.indexOf('\n', from);
    yield text.slice(from, end < 0 ? text.length : end);
    if (end < 0) return;
    from = end + 1;
  }
}
