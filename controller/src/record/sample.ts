import { metricNames, type MetricName, type Sample } from '../model/metrics.ts';
import type { ContainerObservation, Observation } from '../model/observation.ts';
import { mainProbe } from './main-probe.ts';

type Values = Record<MetricName, number | undefined>;

const NOTHING: Values = {
  cpu: undefined,
  cpuCores: undefined,
  memory: undefined,
  memoryBytes: undefined,
  networkReceiveRate: undefined,
  networkTransmitRate: undefined,
  diskReadRate: undefined,
  diskWriteRate: undefined,
  processes: undefined,
  restarts: undefined,
  up: undefined,
  latency: undefined,
  httpStatus: undefined,
};

/**
 * The numbers of one observation, for windows and charts. `cpu` and `memory` are percent of what the container may use,
 * `latency` is in seconds. A container that could not be looked at has no `up`: unknown is not down.
 */
export function toSample(observation: Observation): Sample {
  const http = mainProbe(observation.probes, 'http');
  const readings: Values = {
    ...NOTHING,
    ...(observation.kind === 'observed' ? containerReadings(observation) : {}),
    latency: http?.latencyMs === undefined ? undefined : http.latencyMs / 1000,
    httpStatus: http?.status,
  };
  const values: Partial<Record<MetricName, number>> = {};
  for (const metric of metricNames) {
    const value = readings[metric];
    if (value !== undefined && Number.isFinite(value)) values[metric] = value;
  }
  return { targetId: observation.target.id, at: observation.at, values };
}

function containerReadings(observation: ContainerObservation): Partial<Values> {
  const { resources } = observation;
  return {
    cpu: resources.cpuPercent,
    cpuCores: resources.cpuCores,
    memory: resources.memoryPercent,
    memoryBytes: resources.memoryBytes,
    networkReceiveRate: resources.networkReceiveRate,
    networkTransmitRate: resources.networkTransmitRate,
    diskReadRate: resources.diskReadRate,
    diskWriteRate: resources.diskWriteRate,
    processes: resources.processes,
    restarts: observation.restarts,
    up: observation.state === 'running' ? 1 : 0,
  };
}
