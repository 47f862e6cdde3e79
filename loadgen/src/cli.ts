#!/usr/bin/env node
/** `foghorn-load`: parses, runs, reports. Standard output is a protocol, so complaints go to standard error. */
import { runCompare } from './compare/command.ts';
import { HELP } from './help.ts';
import { InputError } from './input-error.ts';
import { parseCommand, type LoadOptions } from './options.ts';
import { createJsonOutput, createTerminalOutput, type Output } from './output.ts';
import type { Report } from './report.ts';
import { writeReport } from './report-file.ts';
import { runLoad } from './run.ts';

const EXIT = { done: 0, failed: 1, badInput: 2, noAnswer: 3, thresholdFailed: 4 } as const;
/** As shells number an end by signal: 128 + its number. */
const EXIT_OF_SIGNAL = { SIGINT: 130, SIGTERM: 143 } as const;

/** The protocol's progress; a terminal is refreshed as often as an eye follows. */
const JSON_PROGRESS_MS = 1_000;
const TERMINAL_PROGRESS_MS = 500;

type StopSignal = keyof typeof EXIT_OF_SIGNAL;

async function main(): Promise<number> {
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
  const stop = new AbortController();
  let stoppedBy: StopSignal | undefined;
  const onSignal = (signal: StopSignal): void => {
    if (stoppedBy !== undefined) process.exit(EXIT_OF_SIGNAL[signal]);
    stoppedBy = signal;
    stop.abort();
  };
  process.on('SIGINT', () => onSignal('SIGINT'));
  process.on('SIGTERM', () => onSignal('SIGTERM'));
  // Nobody reads any more, as after `foghorn-load | head`.
  process.stdout.on('error', () => process.exit(EXIT.failed));

  const report = await run(command, stop.signal);
  return exitCode(report, stoppedBy);
}

async function run(options: LoadOptions, signal: AbortSignal): Promise<Report> {
  const isTerminal = process.stdout.isTTY && !options.isJson;
  const output: Output = isTerminal
    ? createTerminalOutput(process.stdout, options.title, Date.now)
    : createJsonOutput(process.stdout, Date.now);
  const progressEveryMs = isTerminal ? TERMINAL_PROGRESS_MS : JSON_PROGRESS_MS;
  const report = await runLoad(options, { output, progressEveryMs, signal });
  for (const file of options.outputs) writeReport(file, report);
  return report;
}

function exitCode(report: Report, stoppedBy: StopSignal | undefined): number {
  if (report.requests > 0 && Object.keys(report.statuses).length === 0) return EXIT.noAnswer;
  if (report.thresholds?.some(({ passed }) => !passed) === true) return EXIT.thresholdFailed;
  if (stoppedBy === undefined || report.plannedRequests === null) return EXIT.done;
  return EXIT_OF_SIGNAL[stoppedBy];
}

try {
  const code = await main();
  // Exits when the report is out, though a connection to a dead host may still be opening.
  process.stdout.write('', () => process.exit(code));
} catch (error) {
  if (error instanceof InputError) {
    process.stderr.write(`foghorn-load: ${error.message} (see --help)\n`);
    process.exit(EXIT.badInput);
  }
  process.stderr.write(`foghorn-load: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(EXIT.failed);
}
