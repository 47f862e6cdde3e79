import type { ContainerObservation } from '../../model/observation.ts';
import type { LogEntry } from './format.ts';

/** For tests: a check of a running container at 10:30:00 UTC; set what matters. */
export function buildEntry(
  fields: Partial<ContainerObservation> & { readonly name?: string; readonly host?: string } = {},
): LogEntry & { readonly observation: ContainerObservation } {
  const { name = 'webapp', host = 'local', ...observation } = fields;
  return {
    observation: {
      kind: 'observed',
      at: Date.UTC(2024, 0, 13, 10, 30, 0),
      target: {
        id: `${host}/${name}`,
        instance: 'abc',
        host,
        name,
        namespace: '',
        labels: {},
        image: 'web:1',
        limits: {},
      },
      state: 'running',
      health: 'none',
      restarts: 0,
      resources: {
        cpuPercent: 45.2,
        memoryPercent: 52.1,
        memoryBytes: 266.8 * 1024 * 1024,
        memoryLimitBytes: 512 * 1024 * 1024,
      },
      changes: [],
      probes: { http: { protocol: 'http', at: 0, up: true, status: 200, latencyMs: 234 } },
      ...observation,
    },
  };
}
