import { join } from 'node:path';
import type { Log } from '../../log.ts';
import type { Target } from '../../model/target.ts';
import type { Problems } from '../../problems.ts';
import { createAppender, type Appender } from './appender.ts';
import { worstFault } from './faults.ts';
import { cleanText, metricsLine, reportBlock, statusLine, type LogEntry } from './format.ts';
import {
  createRecentEntries,
  MAX_ENTRIES_PER_KEY,
  parseEntry,
  recentLogs,
  type RecentEntries,
  type RecentLog,
} from './recent.ts';
import { readLastLines } from './tail.ts';

/** metrics.log, status.log and report.log, and their last lines in memory. */
export interface Logs {
  /** Writes a round of checks; files that cannot be written cost their lines and nothing else. */
  write(entries: readonly LogEntry[]): void;
  /** The last entries of metrics.log and status.log about a container, oldest first. */
  recentEntries(target: NamedTarget, limit: number): readonly string[];
  /** The last lines of a log, oldest first; of one container, if it is named. */
  recentLines(log: RecentLog, limit: number, target?: NamedTarget): readonly string[];
  /** Opens the files anew with the next write: what SIGHUP asks for after a rotation from outside. */
  reopen(): void;
  /** Lines that could not be written since the start. */
  lostLines(): number;
  stop(): void;
}

export type NamedTarget = Pick<Target, 'host' | 'name'>;

export interface LogsOptions {
  readonly dir: string;
  readonly maxBytes: number;
  readonly keepFiles: number;
  /** Names the host in each line; for controllers that watch several. */
  readonly showHost?: boolean;
  readonly problems: Problems;
  readonly log: Log;
}

const logNames = ['metrics', 'status', 'report'] as const;
type LogName = (typeof logNames)[number];

const PROBLEM_KEY = 'logs';

/** Read back of each file at start: about ten rounds of a hundred containers. */
const SEED_BYTES = 128_000;

export function createLogs(options: LogsOptions): Logs {
  const { dir, maxBytes, keepFiles, showHost = false, problems, log } = options;
  const keyOf = ({ host, name }: NamedTarget): string =>
    showHost ? `${cleanText(name)}|${cleanText(host)}` : cleanText(name);
  const recent = createRecentEntries();
  const files = logNames.map((name) => openLog(name, { dir, maxBytes, keepFiles }));
  let lostLines = 0;
  let lostInThisFault = 0;
  let stopped = false;
  seed(dir, recent, keyOf);

  function append(rounds: readonly Round[]): void {
    const results = files.map(({ name, path, appender }) => {
      const result = appender.append(`${rounds.map((round) => round[name]).join('\n')}\n`);
      return { path, result };
    });
    for (const { result } of results) lostInThisFault += result.kind === 'failed' ? result.lostLines : 0;
    const fault = worstFault(dir, results);
    if (fault !== undefined) {
      problems.raise(PROBLEM_KEY, fault.reason, fault.message);
      return;
    }
    problems.clear(PROBLEM_KEY);
    if (lostInThisFault > 0) log.info({ dir, lostLines: lostInThisFault }, 'logging resumed');
    lostLines += lostInThisFault;
    lostInThisFault = 0;
  }

  return {
    write(entries) {
      if (stopped || entries.length === 0) return;
      const rounds = entries.map((entry) => toRound(entry, keyOf(entry.observation.target), showHost));
      for (const round of rounds) {
        for (const name of recentLogs) recent.add(name, round[name], round.key);
      }
      append(rounds);
    },
    recentEntries: (target, limit) => recent.entries(keyOf(target), limit),
    recentLines(name, limit, target) {
      if (target === undefined) return recent.lines(name, limit);
      const lines = recent.entries(keyOf(target), MAX_ENTRIES_PER_KEY).filter((line) => parseEntry(name, line));
      return lines.slice(Math.max(0, lines.length - limit));
    },
    reopen() {
      for (const file of files) file.appender.close();
    },
    lostLines: () => lostLines + lostInThisFault,
    stop() {
      stopped = true;
      for (const file of files) file.appender.close();
    },
  };
}

/** One check of one container as each file tells it. */
interface Round extends Readonly<Record<LogName, string>> {
  readonly key: string;
}

function toRound(entry: LogEntry, key: string, showHost: boolean): Round {
  return {
    key,
    metrics: metricsLine(entry, { showHost }),
    status: statusLine(entry, { showHost }),
    report: reportBlock(entry, { showHost }),
  };
}

function openLog(
  name: LogName,
  { dir, maxBytes, keepFiles }: Pick<LogsOptions, 'dir' | 'maxBytes' | 'keepFiles'>,
): { name: LogName; path: string; appender: Appender } {
  const path = join(dir, `${name}.log`);
  return { name, path, appender: createAppender({ path, maxBytes, keepFiles }) };
}

const TIME_LENGTH = 'YYYY-MM-DD HH:MM:SS'.length;

/** Takes over the last lines of an earlier run, both files in order of time. */
function seed(dir: string, recent: RecentEntries, keyOf: (target: NamedTarget) => string): void {
  const entries = recentLogs.flatMap((name) => {
    const path = join(dir, `${name}.log`);
    const lines = [...readLastLines(`${path}.1`, SEED_BYTES), ...readLastLines(path, SEED_BYTES)];
    return lines.flatMap((text) => {
      const entry = parseEntry(name, text);
      return entry === undefined ? [] : [{ log: name, time: text.slice(0, TIME_LENGTH), ...entry }];
    });
  });
  entries.sort((a, b) => (a.time < b.time ? -1 : Number(a.time > b.time)));
  for (const entry of entries) recent.add(entry.log, entry.line, keyOf(entry));
}
