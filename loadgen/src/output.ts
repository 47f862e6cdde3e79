/** The two voices of the generator: JSON lines for a machine, a live line and a summary for a person. */
import type { RequestResult } from './queue.ts';
import type { Progress, Report } from './report.ts';
import { liveLine, requestLine, summary } from './terminal.ts';

export interface Output {
  progress(progress: Progress): void;
  request(endpoint: string, result: RequestResult): void;
  report(report: Report): void;
  /** It was asked to end, and waits for what is on its way. */
  stopping(): void;
}

/** The part of a stream that is used; process.stdout is one. */
export interface Sink {
  write(text: string): unknown;
  readonly writableLength: number;
  readonly columns?: number;
}

/** A reader that is this far behind misses lines of single requests, never progress or the report. */
const MAX_PENDING_BYTES = 1_000_000;
const DEFAULT_COLUMNS = 80;
const STOPPING = 'Stopping: requests on their way are awaited for up to 5 s; once more ends at once, without a report.';
const CLEAR_LINE = '\r\u001b[2K';

export function createJsonOutput(sink: Sink, now: () => number): Output {
  let skipped = 0;
  const write = (line: object): void => void sink.write(`${JSON.stringify(line)}\n`);
  return {
    progress: (progress) => {
      write(skipped === 0 ? progress : { ...progress, skippedRequestLines: skipped });
      skipped = 0;
    },
    request: (endpoint, { status, failure, isLate, bytes, endedAtMs, dueAtMs }) => {
      if (sink.writableLength > MAX_PENDING_BYTES) {
        skipped += 1;
        return;
      }
      const latencySeconds = Math.round((endedAtMs - dueAtMs) * 1_000) / 1e6;
      const at = new Date(now()).toISOString();
      write({ type: 'request', at, endpoint, status, failure, latencySeconds, late: isLate, bytes });
    },
    report: write,
    // The report says so.
    stopping: () => {},
  };
}

export function createTerminalOutput(sink: Sink, title: string, now: () => number): Output {
  let live = '';
  return {
    progress: (progress) => {
      // A pseudo-terminal without a size says 0.
      const columns = sink.columns !== undefined && sink.columns > 0 ? sink.columns : DEFAULT_COLUMNS;
      live = liveLine(title, progress, columns);
      sink.write(CLEAR_LINE + live);
    },
    request: (endpoint, result) => {
      if (sink.writableLength > MAX_PENDING_BYTES) return;
      sink.write(`${CLEAR_LINE}${requestLine(endpoint, result, now())}\n${live}`);
    },
    report: (report) => void sink.write(CLEAR_LINE + summary(report)),
    stopping: () => void sink.write(`${CLEAR_LINE}${STOPPING}\n${live}`),
  };
}
