#!/usr/bin/env node
/** `foghorn-load`: parses, runs, reports. Standard output is a protocol, so complaints go to standard error. */
import { runCompare } from './compare/command.ts';
import { HELP } from './help.ts';
import { InputError } from './input-error.ts';
import { parseCommand, type LoadOptions } from './options.ts';
import { createJsonOutput, createTerminalOutput, type Output } from './output.ts';
import type { Report } from './report.ts';
import { writeReport } from './report-file.ts';
import type { OutputFile } from './result-options.ts';
import { runLoad } from './run.ts';

const EXIT = { done: 0, failed: 1, badInput: 2, noAnswer: 3, thresholdFailed: 4 } as const;
/** As shells number an end by signal: 128 + its number. */
const EXIT_OF_SIGNAL = { SIGINT: 130, SIGTERM: 143 } as const;

/** The protocol's progress; a terminal is refreshed as often as an eye follows. */
const JSON_PROGRESS_MS = 1_000;
const TERMINAL_PROGRESS_MS = 500;

type StopSignal = keyof typeof EXIT_OF_SIGNAL;

async function main(): Promise<number> {
  // Nobody reads any more, as after `foghorn-load | head`: no news. A full disk is.
  process.stdout.on('error', (error) => {
    if (!('code' in error && error.code === 'EPIPE')) complain(error.message);
    process.exit(EXIT.failed);
  });
  const [first, ...rest] = process.argv.slice(2);
  if (first === 'compare') {
    const { text, hasFailed } = runCompare(rest);
    process.stdout.write(text);
    return hasFailed ? EXIT.thresholdFailed : EXIT.done;
  }
  const command = parseCommand(process.argv.slice(2), process.env);
  if (command.kind === 'help') {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  return run(command);
}

async function run(options: LoadOptions): Promise<number> {
  const isTerminal = process.stdout.isTTY && !options.isJson;
  const output: Output = isTerminal
    ? createTerminalOutput(process.stdout, options.title, Date.now)
    : createJsonOutput(process.stdout, Date.now);
  const stop = new AbortController();
  let stoppedBy: StopSignal | undefined;
  const onSignal = (signal: StopSignal): void => {
    if (stoppedBy !== undefined) process.exit(EXIT_OF_SIGNAL[signal]);
    stoppedBy = signal;
    output.stopping();
    stop.abort();
  };
  process.on('SIGINT', () => onSignal('SIGINT'));
  process.on('SIGTERM', () => onSignal('SIGTERM'));

  const progressEveryMs = isTerminal ? TERMINAL_PROGRESS_MS : JSON_PROGRESS_MS;
  const report = await runLoad(options, { output, progressEveryMs, signal: stop.signal });
  return writeAll(options.outputs, report) ? exitCode(report, stoppedBy) : EXIT.failed;
}

/** One file that cannot be written must not cost the others. */
function writeAll(files: readonly OutputFile[], report: Report): boolean {
  return files.filter((file) => !isWritten(file, report)).length === 0;
}

function isWritten(file: OutputFile, report: Report): boolean {
  try {
    writeReport(file, report);
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    complain(`--output ${JSON.stringify(file.path)} could not be written: ${reason}`);
    return false;
  }
}

function exitCode(report: Report, stoppedBy: StopSignal | undefined): number {
  // An error of HTTP is an answer; one that broke off is none.
  const unanswered = report.errors - (report.failures['http'] ?? 0);
  if (report.requests > 0 && unanswered === report.requests) return EXIT.noAnswer;
  if (report.thresholds?.some(({ passed }) => !passed) === true) return EXIT.thresholdFailed;
  if (stoppedBy === undefined || report.plannedRequests === null) return EXIT.done;
  return EXIT_OF_SIGNAL[stoppedBy];
}

function complain(problem: string): void {
  process.stderr.write(`foghorn-load: ${problem}\n`);
}

try {
  const code = await main();
  // Exits when the report is out, though a connection to a dead host may still be opening.
  process.stdout.write('', () => process.exit(code));
} catch (error) {
  if (error instanceof InputError) {
    complain(`${error.message} (see --help)`);
    process.exit(EXIT.badInput);
  }
  complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(EXIT.failed);
}
