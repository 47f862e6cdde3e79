import type { MetricName, Sample } from '../../model/metrics.ts';
import { mergeSummaries, summaryOf, type Summary } from './summary.ts';

/** The order on disk: a metric is a bit of the masks below. Only ever append, at most 16. */
export const storedMetrics: readonly MetricName[] = [
  'cpu',
  'cpuCores',
  'memory',
  'memoryBytes',
  'networkReceiveRate',
  'networkTransmitRate',
  'diskReadRate',
  'diskWriteRate',
  'processes',
  'restarts',
  'up',
  'latency',
  'httpStatus',
];

/** One target over one interval: a summary for each stored metric, by its place in {@link storedMetrics}. */
export type Row = readonly (Summary | undefined)[];

/**
 * A row on disk, little endian: the count that most metrics have, then three masks of 16 bits: which metrics are
 * present, which of those vary (min, mean and max follow instead of one value), which have a count of their own.
 * Values are 32-bit floats: 24 bits are more than any chart shows, at half the size.
 */
const HEADER_BYTES = 8;
const PRESENT_AT = 2;
const VARYING_AT = 4;
const OWN_COUNT_AT = 6;
const FLOAT_BYTES = 4;
const COUNT_BYTES = 2;
const MAX_COUNT = 65_535;
const MAX_ROW_BYTES = HEADER_BYTES + storedMetrics.length * (3 * FLOAT_BYTES + COUNT_BYTES);

export function rowOfSample({ values }: Sample): Row {
  return storedMetrics.map((metric) => {
    const value = values[metric];
    return value === undefined || !Number.isFinite(Math.fround(value)) ? undefined : summaryOf(value);
  });
}

export function mergeRows(a: Row, b: Row): Row {
  return storedMetrics.map((_, index) => {
    const one = a[index];
    const other = b[index];
    return one === undefined || other === undefined ? (one ?? other) : mergeSummaries(one, other);
  });
}

export function encodeRow(row: Row): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(MAX_ROW_BYTES));
  const usualCount = Math.min(MAX_COUNT, Math.max(1, ...row.map((summary) => summary?.count ?? 0)));
  let present = 0;
  let varying = 0;
  let ownCount = 0;
  let at = HEADER_BYTES;
  const writeFloat = (value: number): void => {
    bytes.setFloat32(at, value, true);
    at += FLOAT_BYTES;
  };
  for (const [index, summary] of row.entries()) {
    if (summary === undefined) continue;
    const bit = 1 << index;
    present |= bit;
    if (Math.fround(summary.min) === Math.fround(summary.max)) {
      writeFloat(summary.mean);
    } else {
      varying |= bit;
      writeFloat(summary.min);
      writeFloat(summary.mean);
      writeFloat(summary.max);
    }
    if (summary.count < usualCount) {
      ownCount |= bit;
      bytes.setUint16(at, summary.count, true);
      at += COUNT_BYTES;
    }
  }
  bytes.setUint16(0, usualCount, true);
  bytes.setUint16(PRESENT_AT, present, true);
  bytes.setUint16(VARYING_AT, varying, true);
  bytes.setUint16(OWN_COUNT_AT, ownCount, true);
  return new Uint8Array(bytes.buffer, 0, at);
}

export function decodeRow(data: Uint8Array): Row {
  const reader = createReader(data);
  return storedMetrics.map(() => reader.next());
}

/** One metric of a row, without making the others. */
export function decodeMetric(data: Uint8Array, metric: MetricName): Summary | undefined {
  const reader = createReader(data);
  const wanted = storedMetrics.indexOf(metric);
  for (let index = 0; index < wanted; index += 1) reader.skip();
  return reader.next();
}

interface RowReader {
  next(): Summary | undefined;
  skip(): void;
}

function createReader(data: Uint8Array): RowReader {
  const bytes = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const usualCount = bytes.getUint16(0, true);
  const present = bytes.getUint16(PRESENT_AT, true);
  const varying = bytes.getUint16(VARYING_AT, true);
  const ownCount = bytes.getUint16(OWN_COUNT_AT, true);
  let bit = 1;
  let at = HEADER_BYTES;
  const end = (): number =>
    at + ((varying & bit) === 0 ? FLOAT_BYTES : 3 * FLOAT_BYTES) + ((ownCount & bit) === 0 ? 0 : COUNT_BYTES);
  return {
    next() {
      if ((present & bit) === 0) {
        bit <<= 1;
        return undefined;
      }
      const after = end();
      const single = (varying & bit) === 0;
      const min = bytes.getFloat32(at, true);
      const mean = single ? min : bytes.getFloat32(at + FLOAT_BYTES, true);
      const max = single ? min : bytes.getFloat32(at + 2 * FLOAT_BYTES, true);
      const count = (ownCount & bit) === 0 ? usualCount : bytes.getUint16(after - COUNT_BYTES, true);
      at = after;
      bit <<= 1;
      return { count, min, mean, max };
    },
    skip() {
      if ((present & bit) !== 0) at = end();
      bit <<= 1;
    },
  };
}
