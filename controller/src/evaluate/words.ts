import { formatDuration } from '../model/duration.ts';

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

type Describe = (value: number) => string;

const percent: Describe = (value) => `${round(value, 1)} %`;
const bytes: Describe = (value) => {
  const magnitude = Math.abs(value);
  const exponent = magnitude < 1 ? 0 : Math.min(byteUnits.length - 1, Math.floor(Math.log2(magnitude) / 10));
  return `${round(value / 1024 ** exponent, 1)} ${byteUnits[exponent]}`;
};
const byteRate: Describe = (value) => `${bytes(value)}/s`;
const seconds: Describe = (value) => `${round(value, 2)} s`;
const duration: Describe = (value) => formatDuration(value * 1000);
const plain: Describe = (value) => String(round(value, 2));

const units: Readonly<Record<string, Describe>> = {
  cpu: percent,
  memory: percent,
  memoryBytes: bytes,
  memoryLimitBytes: bytes,
  networkReceiveRate: byteRate,
  networkTransmitRate: byteRate,
  diskReadRate: byteRate,
  diskWriteRate: byteRate,
  latency: seconds,
  uptime: duration,
};

/** A value of a rule in words with its unit: `85.2` of `cpu` is "85.2 %", of `avgOver(memoryBytes, 5m)` in MiB. */
export function describeValue(label: string, value: unknown): string {
  return typeof value === 'number' ? describerOf(label)(value) : describePlain(value);
}

/** Without a unit, for a place whose text brings its own; empty for what is no single value. */
export function describePlain(value: unknown): string {
  if (typeof value === 'number') return plain(value);
  return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint' ? String(value) : '';
}

function describerOf(label: string): Describe {
  const metric = /^\w+\(["']?(\w+)/.exec(label)?.[1];
  const name = metric ?? label.split('.').at(-1) ?? '';
  return (Object.hasOwn(units, name) ? units[name] : undefined) ?? plain;
}

/** Not "80" for 80.04: a reader would wonder why `> 80` holds. */
function round(value: number, digits: number): number {
  const rounded = Number(value.toFixed(digits));
  return rounded === value || !Number.isInteger(rounded) ? rounded : Number(value.toFixed(digits + 2));
}
