/** A report from a file: JSON, or the lines of a run, whose last report counts. */
import { readFileSync, statSync } from 'node:fs';
import { InputError } from '../input-error.ts';
import type { Report } from '../report.ts';

/** Fifty endpoints for a day make some 4 MB; the lines of a day, 100 MB. */
const MAX_FILE_BYTES = 200_000_000;
const MAX_STEPS = 900;

/** @throws InputError when it cannot be read or holds no report */
export function readReport(path: string): Report {
  const report = parseReport(readText(path));
  if (report === undefined) throw new InputError(`${JSON.stringify(path)} holds no report of foghorn-load`);
  return report;
}

function readText(path: string): string {
  try {
    if (statSync(path).size <= MAX_FILE_BYTES) return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new InputError(`${JSON.stringify(path)} cannot be read: ${reason}`, { cause: error });
  }
  throw new InputError(`${JSON.stringify(path)} is larger than any report`);
}

export function parseReport(text: string): Report | undefined {
  const line = text.split('\n').findLast((one) => one.startsWith('{"type":"report"'));
  try {
    // Without such a line it may be a report that somebody has formatted.
    const value: unknown = JSON.parse(line ?? text);
    return isReport(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const COUNTS = ['requests', 'errors', 'errorRate', 'durationSeconds', 'plannedRate'] as const;
const STEP_COUNTS = ['sent', 'ok', 'failed', 'unsent', 'late'] as const;
const TIMES = ['p50', 'p90', 'p95', 'p99'] as const;

/** Checks what a comparison reads; the rest is shown nowhere. */
function isReport(value: unknown): value is Report {
  if (!isRecord(value) || value['version'] !== 1 || !areNumbers(value, COUNTS)) return false;
  const { latencySeconds, serviceTimeSeconds, generator, series, url, ended } = value;
  return (
    isTimes(latencySeconds, TIMES) &&
    isTimes(serviceTimeSeconds, TIMES) &&
    isRecord(generator) &&
    typeof generator['reliable'] === 'boolean' &&
    typeof url === 'string' &&
    typeof ended === 'string' &&
    isSeries(series)
  );
}

function isSeries(value: unknown): boolean {
  if (!isRecord(value) || !areNumbers(value, ['stepSeconds']) || !Array.isArray(value['steps'])) return false;
  return value['stepSeconds'] !== 0 && value['steps'].length <= MAX_STEPS + 1 && value['steps'].every(isStep);
}

function isStep(value: unknown): boolean {
  if (!isRecord(value) || !areNumbers(value, STEP_COUNTS)) return false;
  const { latencySeconds, serviceTimeSeconds, histograms } = value;
  return (
    isTimes(latencySeconds, ['max']) &&
    isTimes(serviceTimeSeconds, ['max']) &&
    isRecord(histograms) &&
    typeof histograms['latencyMicroseconds'] === 'string' &&
    typeof histograms['serviceTimeMicroseconds'] === 'string'
  );
}

function isTimes(value: unknown, names: readonly string[]): boolean {
  return isRecord(value) && areNumbers(value, names);
}

function areNumbers(value: Readonly<Record<string, unknown>>, names: readonly string[]): boolean {
  return names.every((name) => {
    const found = value[name];
    return typeof found === 'number' && Number.isFinite(found) && found >= 0;
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
