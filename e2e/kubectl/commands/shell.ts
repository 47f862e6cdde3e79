import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Command } from './command.ts';

const COMMAND_TIMEOUT_MS = 30_000;
/** A command that says nothing at first has begun to wait by then, or finds done what it waits for. */
const SILENT_START_MS = 1000;

export interface Answer {
  readonly output: string;
  readonly exitCode: number | null;
}

/** Runs commands as a shell does. `env` has PATH, HOME, KUBECONFIG and KUBECTL, the program. */
export function createShell(env: Readonly<Record<string, string>>): { answer(command: Command): Promise<Answer> } {
  const start = (command: string, more: Readonly<Record<string, string>> = {}) =>
    spawn('/bin/bash', ['-c', `set -o pipefail; ${command}`], {
      env: { ...env, ...more },
      timeout: COMMAND_TIMEOUT_MS,
    });

  const plain = async (command: string): Promise<void> => {
    const child = start(command);
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`${command} ended with ${String(code)}`);
  };

  return {
    async answer(command) {
      const child = start(`exec "$KUBECTL" ${command.command}`, command.env);
      const closed = once(child, 'close');
      let [output, errors, ended] = ['', '', false];
      const begun = Promise.withResolvers<void>();
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk;
        begun.resolve();
        if (command.meanwhile !== undefined && matches(command.expected, output)) ended = child.kill();
      });
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
        errors += chunk;
      });
      child.stdin.end(command.stdin ?? '');
      if (command.meanwhile !== undefined) {
        const timer = setTimeout(begun.resolve, SILENT_START_MS);
        await begun.promise;
        clearTimeout(timer);
        for (const other of command.meanwhile) await plain(`"$KUBECTL" ${other}`);
      }
      await closed;
      // One that was ended, because it had shown all, has no code of its own.
      return { output: output + errors, exitCode: ended ? 0 : child.exitCode };
    },
  };
}

function matches(expected: string | RegExp, output: string): boolean {
  return typeof expected === 'string' ? expected === output : expected.test(output);
}
