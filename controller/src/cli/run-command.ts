import { text } from 'node:stream/consumers';
import { systemClock } from '../clock.ts';
import { errorCode, errorMessage, isFoghornError } from '../errors.ts';
import { EXIT_ERRORS, type Command, type CommandContext } from './command.ts';

/** Each loads only what it needs. */
const commands: Readonly<Record<string, { readonly help: string; readonly load: () => Promise<Command> }>> = {
  check: {
    help: 'lint manifests without a running controller',
    load: async () => (await import('./check.ts')).check,
  },
  replay: {
    help: 'show what a policy would have done on recorded samples',
    load: async () => (await import('./replay/replay.ts')).replay,
  },
  'test-email': {
    help: 'send one real mail with these settings, and say how it went',
    load: async () => (await import('./test-email.ts')).testEmail,
  },
  'hash-password': {
    help: 'make what the settings hold of a password or a token for the dashboard',
    load: async () => (await import('./hash-password.ts')).hashPasswordCommand,
  },
};

export const commandHelp: string = Object.entries(commands)
  .map(([name, { help }]) => `  ${name.padEnd(15)}${help}`)
  .join('\n');

/** What to say of a word that names no command. */
export function unknownCommand(word: string): string {
  return `there is no command ${JSON.stringify(word.slice(0, MAX_SHOWN_LENGTH))}; there are:\n${commandHelp}`;
}

const MAX_SHOWN_LENGTH = 50;

/** Runs the command that the arguments name; undefined when they name none. The exit code is that of the process. */
export async function runCommand(args: readonly string[], crdDir: string): Promise<number | undefined> {
  const [name = '', ...rest] = args;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) return undefined;
  const context = processContext(crdDir);
  try {
    return await (
      await command.load()
    )(rest, context);
  } catch (error) {
    if (!isOperators(error)) throw error;
    context.err(`foghorn ${name}: ${errorMessage(error)}\nSee: npm run foghorn -- ${name} --help\n`);
    return EXIT_ERRORS;
  }
}

/** Something that who typed the command can put right. */
function isOperators(error: unknown): boolean {
  if (isFoghornError(error)) return true;
  return errorCode(error).startsWith('ERR_PARSE_ARGS');
}

function processContext(crdDir: string): CommandContext {
  return {
    crdDir,
    env: process.env,
    clock: systemClock,
    readStdin: () => text(process.stdin),
    out: (written) => process.stdout.write(written),
    err: (written) => process.stderr.write(written),
  };
}
