import { describe, expect, it } from 'vitest';
import type { ContainerObservation, ContainerState, ProbeResult } from '../model/observation.ts';
import type { Target } from '../model/target.ts';
import { toSample } from './sample.ts';

const target: Target = {
  id: 'local/shop/web/1',
  instance: 'abc',
  host: 'local',
  name: 'web',
  namespace: 'shop',
  labels: {},
  image: 'web:1',
  limits: {},
};

const observed: ContainerObservation = {
  kind: 'observed',
  at: 1000,
  target,
  state: 'running',
  health: 'none',
  restarts: 2,
  resources: { cpuPercent: 45.2, cpuCores: 0.452, memoryPercent: 52.1, memoryBytes: 279_763_354, processes: 7 },
  changes: [],
  probes: {},
};

function http(fields: Partial<ProbeResult>): ProbeResult {
  return { protocol: 'http', at: 1000, up: true, ...fields };
}

describe('toSample', () => {
  it('takes over readings, restarts and whether it runs', () => {
    expect(toSample(observed)).toEqual({
      targetId: 'local/shop/web/1',
      at: 1000,
      values: { cpu: 45.2, cpuCores: 0.452, memory: 52.1, memoryBytes: 279_763_354, processes: 7, restarts: 2, up: 1 },
    });
  });

  it.each<[ContainerState, number]>([
    ['running', 1],
    ['created', 0],
    ['paused', 0],
    ['restarting', 0],
    ['exited', 0],
    ['dead', 0],
    ['missing', 0],
  ])('says for state %s that up is %d', (state, up) => {
    expect(toSample({ ...observed, state }).values.up).toBe(up);
  });

  it('takes latency in seconds and status from the first http probe by name', () => {
    const probes = {
      web: http({ status: 500, latencyMs: 900 }),
      database: { protocol: 'postgres', at: 1000, up: true, latencyMs: 3 } as const,
      api: http({ status: 200, latencyMs: 234 }),
    };
    expect(toSample({ ...observed, probes }).values).toMatchObject({ latency: 0.234, httpStatus: 200 });
  });

  it('has no latency and no status when the probe had no answer', () => {
    const probes = { api: http({ up: false, error: { kind: 'refused', message: 'refused' } }) };
    const { values } = toSample({ ...observed, probes });
    expect(values).not.toHaveProperty('latency');
    expect(values).not.toHaveProperty('httpStatus');
  });

  it('does not call a container down that could not be looked at, and keeps what its probes saw', () => {
    const probes = { api: http({ status: 200, latencyMs: 10 }) };
    const unreachable = { kind: 'unreachable', at: 1000, target, reason: 'Timeout', message: '', probes } as const;
    expect(toSample(unreachable).values).toEqual({ latency: 0.01, httpStatus: 200 });
  });

  it('leaves out what is not a number', () => {
    const resources = { cpuPercent: Number.NaN, memoryPercent: Number.POSITIVE_INFINITY };
    expect(toSample({ ...observed, resources }).values).toEqual({ restarts: 2, up: 1 });
  });
});
