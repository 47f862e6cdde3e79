import type { ContainerEnd } from '../../model/notification.ts';
import { cleanLine } from './clean.ts';

/** One row above the metrics: `Exit code`, `137 (killed by SIGKILL)`. */
export interface Fact {
  readonly label: string;
  readonly value: string;
}

const MAX_CAUSE_LENGTH = 160;

/** How a container that does not run, or not well, came to it. */
export function endFacts(end: ContainerEnd | undefined): readonly Fact[] {
  if (end === undefined) return [];
  return [
    { label: 'Cause', value: cleanLine(end.cause, MAX_CAUSE_LENGTH) },
    ...(end.exitCode === undefined ? [] : [{ label: 'Exit code', value: exitText(end.exitCode) }]),
    ...(end.oomKilled ? [{ label: 'Memory', value: 'the kernel killed it for lack of memory (OOM)' }] : []),
    { label: 'Restarts', value: String(end.restarts) },
  ];
}

/** Signals that end containers; numbers as on Linux. */
const signals: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
};

/** Of docker run and of shells. */
const meanings: Readonly<Record<number, string>> = {
  0: 'ended normally',
  125: 'Docker could not run it',
  126: 'its command cannot be executed',
  127: 'its command was not found',
};

const SIGNAL_BASE = 128;

function exitText(exitCode: number): string {
  const signal = signals[exitCode - SIGNAL_BASE];
  const meaning = meanings[exitCode] ?? (signal === undefined ? undefined : `ended by ${signal}`);
  return meaning === undefined ? String(exitCode) : `${exitCode} (${meaning})`;
}
