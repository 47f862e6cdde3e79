import type { Observation, ProbeResult } from '../../model/observation.ts';
import { mainProbe } from '../main-probe.ts';

/** One check of one container, as the three log files tell it. */
export interface LogEntry {
  readonly observation: Observation;
  /** What the load generator reaches, while a load test runs on this container. */
  readonly requestsPerSecond?: number | undefined;
}

export interface FormatOptions {
  /** Adds the host as the last field, for controllers that watch several. */
  readonly showHost: boolean;
}

/** Longest name or error text that goes into a line, in UTF-16 units; Docker's own names are shorter. */
const MAX_TEXT_LENGTH = 200;

/** Control, format (bidi, zero width), line and paragraph separators, lone surrogates, and our field separator. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}|]/gu;

/** Outside text that can neither end a line nor a field, nor steer a terminal. */
export function cleanText(text: string): string {
  const cleaned = text.slice(0, MAX_TEXT_LENGTH).replace(UNSAFE, '_').trim();
  return cleaned === '' ? '-' : cleaned;
}

/** `2024-01-13 10:30:00 | CPU: 45.2% | Memory: 52.1% | Latency: 0.234s | Container: webapp` */
export function metricsLine({ observation }: LogEntry, options: FormatOptions): string {
  const { cpuPercent, memoryPercent } = resourcesOf(observation);
  const fields = [
    localTime(observation.at),
    `CPU: ${percent(cpuPercent)}`,
    `Memory: ${percent(memoryPercent)}`,
    `Latency: ${seconds(mainProbe(observation.probes, 'http')?.latencyMs)}`,
    `Container: ${cleanText(observation.target.name)}`,
  ];
  if (options.showHost) fields.push(`Host: ${cleanText(observation.target.host)}`);
  return fields.join(' | ');
}

/** `2024-01-13 10:30:00 | Container: UP | HTTP: 200 | Name: webapp | Restarts: 0`, and the state unless it plainly runs. */
export function statusLine({ observation }: LogEntry, options: FormatOptions): string {
  const state = stateDetail(observation);
  const fields = [
    localTime(observation.at),
    `Container: ${statusWord(observation)}`,
    `HTTP: ${httpStatus(mainProbe(observation.probes, 'http'))}`,
    `Name: ${cleanText(observation.target.name)}`,
    `Restarts: ${restarts(observation)}`,
  ];
  if (state !== undefined) fields.push(`State: ${state}`);
  if (options.showHost) fields.push(`Host: ${cleanText(observation.target.host)}`);
  return fields.join(' | ');
}

/** The block of report.log, from `[time]` to `---`, without the last newline. */
export function reportBlock({ observation, requestsPerSecond }: LogEntry, options: FormatOptions): string {
  const resources = resourcesOf(observation);
  const http = mainProbe(observation.probes, 'http');
  const database = mainProbe(observation.probes, 'postgres');
  const state = stateDetail(observation);
  const lines = [
    `[${localTime(observation.at)}]`,
    `Container: ${cleanText(observation.target.name)}`,
    `Status: ${statusWord(observation)}`,
    `CPU Usage: ${percent(resources.cpuPercent)}`,
    `Memory: ${binarySize(resources.memoryBytes)} / ${binarySize(resources.memoryLimitBytes)} (${percent(resources.memoryPercent)})`,
    `HTTP Response: ${httpStatus(http)}`,
    `Latency: ${seconds(http?.latencyMs)}`,
  ];
  if (requestsPerSecond !== undefined) lines.push(`Requests/s: ${fixed(requestsPerSecond, 1, '')}`);
  if (database !== undefined) lines.push(`Database: ${databaseText(database)}`);
  lines.push(`Restarts: ${restarts(observation)}`);
  if (state !== undefined) lines.push(`State: ${state}`);
  if (options.showHost) lines.push(`Host: ${cleanText(observation.target.host)}`);
  return [...lines, '---'].join('\n');
}

/** UNKNOWN when the container could not be looked at: that is no proof of its being down. */
function statusWord(observation: Observation): 'UP' | 'DOWN' | 'UNKNOWN' {
  if (observation.kind === 'unreachable') return 'UNKNOWN';
  return observation.state === 'running' ? 'UP' : 'DOWN';
}

function stateDetail(observation: Observation): string | undefined {
  if (observation.kind === 'unreachable') return observation.reason;
  if (observation.state === 'running') return observation.health === 'unhealthy' ? 'running, unhealthy' : undefined;
  return observation.state === 'exited' && observation.exitCode !== undefined
    ? `exited, code ${observation.exitCode}`
    : observation.state;
}

function resourcesOf(observation: Observation) {
  return observation.kind === 'observed' ? observation.resources : {};
}

function restarts(observation: Observation): string {
  return observation.kind === 'observed' ? String(observation.restarts) : '-';
}

/** `000` for a probe that had no answer, as curl writes it; `-` where no probe is set. */
function httpStatus(probe: ProbeResult | undefined): string {
  return probe === undefined ? '-' : String(probe.status ?? 0).padStart(3, '0');
}

function databaseText(probe: ProbeResult): string {
  if (!probe.up) return `Failed, ${cleanText(probe.error?.message ?? probe.error?.kind ?? 'no answer')}`;
  const parts = ['Connected', fixed(probe.latencyMs, 1, ' ms')];
  if (probe.value !== undefined) parts.push(`${Number(probe.value.toFixed(3))} records`);
  return parts.join(', ');
}

function percent(value: number | undefined): string {
  return fixed(value, 1, '%');
}

function seconds(latencyMs: number | undefined): string {
  return fixed(latencyMs === undefined ? undefined : latencyMs / 1000, 3, 's');
}

function fixed(value: number | undefined, digits: number, unit: string): string {
  return value === undefined || !Number.isFinite(value) ? '-' : `${value.toFixed(digits)}${unit}`;
}

const BINARY_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** As `docker stats` writes sizes: four significant digits, `266.8MiB`. */
function binarySize(bytes: number | undefined): string {
  if (bytes === undefined || !Number.isFinite(bytes)) return '-';
  let size = bytes;
  let unit = 0;
  for (; size >= 1024 && unit < BINARY_UNITS.length - 1; unit += 1) size /= 1024;
  return `${Number(size.toPrecision(4))}${BINARY_UNITS[unit] ?? ''}`;
}

/** `2024-01-13 10:30:00` in the time zone of the process (TZ). */
export function localTime(at: number): string {
  const date = new Date(at);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
