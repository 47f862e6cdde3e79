import type { MetricName } from '../../../model/metrics.ts';
import { bytes, UNKNOWN } from '../format.ts';

export type Unit = 'percent' | 'bytes' | 'bytesPerSecond' | 'seconds' | 'count' | 'perSecond';

/** A value with its unit, short enough for an axis. */
export function withUnit(value: number | null | undefined, unit: Unit): string {
  if (value === null || value === undefined) return UNKNOWN;
  switch (unit) {
    case 'percent':
      return `${short(value)} %`;
    case 'bytes':
      return bytes(value);
    case 'bytesPerSecond':
      return `${bytes(value)}/s`;
    case 'seconds':
      return value < 1 ? `${short(value * 1000)} ms` : `${short(value)} s`;
    case 'perSecond':
      return `${short(value)}/s`;
    default:
      return short(value);
  }
}

/** Three digits are as much as a chart can show. */
function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  return Number(value.toPrecision(size < 1 ? 2 : 3)).toString();
}

export interface MetricChart {
  readonly metric: MetricName;
  readonly title: string;
  readonly unit: Unit;
  /** The axis reaches at least so far, so that noise near zero does not fill it. */
  readonly least: number;
}

/** The charts of a container, in the order in which they are looked at. */
export const containerCharts: readonly MetricChart[] = [
  { metric: 'cpu', title: 'CPU', unit: 'percent', least: 10 },
  { metric: 'memory', title: 'Memory', unit: 'percent', least: 10 },
  { metric: 'latency', title: 'HTTP latency', unit: 'seconds', least: 0.01 },
  { metric: 'restarts', title: 'Restarts', unit: 'count', least: 3 },
  { metric: 'networkReceiveRate', title: 'Network in', unit: 'bytesPerSecond', least: 1024 },
  { metric: 'networkTransmitRate', title: 'Network out', unit: 'bytesPerSecond', least: 1024 },
  { metric: 'diskReadRate', title: 'Disk read', unit: 'bytesPerSecond', least: 1024 },
  { metric: 'diskWriteRate', title: 'Disk written', unit: 'bytesPerSecond', least: 1024 },
];
