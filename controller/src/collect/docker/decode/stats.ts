import type { Sample } from '../../sample.ts';
import { amount, list, object, text, timeNs } from '../../json.ts';

/** `gone`: removed while it was asked; `idle`: does not run, all its numbers are zero and mean nothing. */
export type StatsAnswer =
  | { readonly kind: 'sample'; readonly sample: Sample }
  | { readonly kind: 'idle' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'bad' };

const MAX_ENTRIES = 4096;

/** Body of `GET /containers/{id}/stats?stream=false`; undefined stands for an empty body. */
export function decodeStats(body: unknown): StatsAnswer {
  if (body === undefined) return { kind: 'gone' };
  const fields = object(body);
  if (typeof fields['read'] !== 'string') return { kind: 'bad' };
  const readAtNs = timeNs(fields['read']);
  if (readAtNs === undefined) return { kind: 'idle' };
  const cpu = object(fields['cpu_stats']);
  return {
    kind: 'sample',
    sample: {
      readAtNs,
      cpuNs: amount(object(cpu['cpu_usage'])['total_usage']),
      memoryBytes: workingSet(object(fields['memory_stats'])),
      ...networkTotals(fields['networks']),
      ...diskTotals(object(fields['blkio_stats'])['io_service_bytes_recursive']),
      processes: amount(object(fields['pids_stats'])['current']),
      hostCpus: amount(cpu['online_cpus']) || undefined,
    },
  };
}

/**
 * Usage less inactive file cache, as `docker stats` and the kubelet count it. The key is `total_inactive_file`
 * on cgroup v1 and `inactive_file` on v2; podman sends neither.
 */
function workingSet(memory: Readonly<Record<string, unknown>>): number | undefined {
  const usage = amount(memory['usage']);
  if (usage === undefined) return undefined;
  const stats = object(memory['stats']);
  const inactive = amount(stats['total_inactive_file'] ?? stats['inactive_file']) ?? 0;
  return inactive < usage ? usage - inactive : usage;
}

function networkTotals(value: unknown): Pick<Sample, 'receivedBytes' | 'transmittedBytes'> {
  const interfaces = Object.values(object(value)).slice(0, MAX_ENTRIES).map(object);
  if (interfaces.length === 0) return {};
  return {
    receivedBytes: sum(interfaces.map((entry) => entry['rx_bytes'])),
    transmittedBytes: sum(interfaces.map((entry) => entry['tx_bytes'])),
  };
}

/** Absent when nothing is counted: cgroup v1 without the weight scheduler sends an empty list. */
function diskTotals(value: unknown): Pick<Sample, 'readBytes' | 'writtenBytes'> {
  const entries = list(value, MAX_ENTRIES).map(object);
  if (entries.length === 0) return {};
  const total = (operation: string): number =>
    sum(entries.filter((entry) => text(entry['op']).toLowerCase() === operation).map((entry) => entry['value']));
  return { readBytes: total('read'), writtenBytes: total('write') };
}

function sum(values: readonly unknown[]): number {
  return values.reduce((total: number, value) => total + (amount(value) ?? 0), 0);
}
