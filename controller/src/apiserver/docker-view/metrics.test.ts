import { describe, expect, it } from 'vitest';
import { buildTarget } from '../../model/builders.ts';
import { buildContainer } from './builders.ts';
import { nodeMetricsOf, podMetricsOf } from './metrics.ts';
import type { Reading } from './reader.ts';

const at = Date.UTC(2026, 0, 13, 10, 0, 0);
const reading: Reading = { targetId: 'local/web', at, windowMs: 30_000, cpuCores: 0.1234567891, memoryBytes: 10_000 };

describe('metrics', () => {
  it('of a pod are in billionths of a core and in KiB', () => {
    const container = buildContainer({ target: buildTarget({ labels: { app: 'web' } }) });
    expect(podMetricsOf({ container, namespace: 'shop', name: 'web' }, reading)).toEqual({
      apiVersion: 'metrics.k8s.io/v1beta1',
      kind: 'PodMetrics',
      metadata: { name: 'web', namespace: 'shop', creationTimestamp: '2026-01-13T10:00:00Z', labels: { app: 'web' } },
      timestamp: '2026-01-13T10:00:00Z',
      window: '30s',
      containers: [{ name: 'web', usage: { cpu: '123456789n', memory: '10Ki' } }],
    });
  });

  it('of a node are those of its containers together', () => {
    const older = { ...reading, at: at - 5000, windowMs: 60_000, cpuCores: 1 };
    expect(nodeMetricsOf('local', [reading, older])).toMatchObject({
      kind: 'NodeMetrics',
      metadata: { name: 'local' },
      timestamp: '2026-01-13T10:00:00Z',
      window: '60s',
      usage: { cpu: '1123456789n', memory: '20Ki' },
    });
  });

  it('of a node are not known without any reading', () => {
    expect(nodeMetricsOf('local', [])).toBeUndefined();
  });
});
