import { spawn } from 'node:child_process';
import { appendFile } from 'node:fs/promises';
import { repositoryRoot } from './places.ts';

export interface CommandResult {
  readonly ok: boolean;
  /** The end of what it printed, standard output and error together. */
  readonly output: string;
}

export interface CommandOptions {
  readonly timeoutMs: number;
  readonly env?: NodeJS.ProcessEnv;
  /** File that gets the whole output as well. */
  readonly logFile?: string;
  /** Shows the output while it comes, instead of keeping it. */
  readonly show?: boolean;
}

/** Enough to show what went wrong; a build prints far more. */
const KEPT_CHARACTERS = 64_000;

/** Runs a command in the repository's root and never throws: a command that is missing or too slow is a result. */
export function runCommand(
  command: string,
  parameters: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, [...parameters], {
      cwd: repositoryRoot,
      env: { ...process.env, ...options.env },
      stdio: options.show === true ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
      timeout: options.timeoutMs,
      killSignal: 'SIGKILL',
    });
    const keep = (chunk: string): void => {
      output = (output + chunk).slice(-KEPT_CHARACTERS);
    };
    child.stdout?.setEncoding('utf8').on('data', keep);
    child.stderr?.setEncoding('utf8').on('data', keep);
    const finish = (ok: boolean): void => {
      const logged =
        options.logFile === undefined ? Promise.resolve() : appendFile(options.logFile, output).catch(keepLogFailure);
      void logged.then(() => resolve({ ok, output }));
    };
    const keepLogFailure = (error: Error): void => keep(`\nthis output could not be written: ${error.message}\n`);
    child.on('error', (error) => {
      keep(error.message);
      finish(false);
    });
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL') keep(`\n${command} was stopped after ${options.timeoutMs / 1000} s`);
      finish(code === 0);
    });
  });
}

/** The last lines of an output, for a message. */
export function lastLines(output: string, count: number): string {
  return output
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .join('\n');
}
