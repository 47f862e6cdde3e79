import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { tokenDigest } from '../model/access.ts';
import { hashPassword } from '../model/password-hash.ts';
import { EXIT_ERRORS, EXIT_OK, type CommandContext } from './command.ts';

const usage = `Usage: npm run foghorn -- hash-password [--role operate|view] < FILE
       npm run foghorn -- hash-password [--role operate|view] --token

Reads a password (standard input, one line) and writes what goes into DASHBOARD_PASSWORDS.
With --token it makes a token for scripts instead: what they send, and what goes into DASHBOARD_TOKENS.
`;

const MIN_PASSWORD_CHARACTERS = 10;
const TOKEN_BYTES = 32;

/** `foghorn hash-password`: what the settings hold instead of a password. */
export async function hashPasswordCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      role: { type: 'string', default: 'operate' },
      token: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help || !['operate', 'view'].includes(values.role)) {
    context[values.help ? 'out' : 'err'](usage);
    return values.help ? EXIT_OK : EXIT_ERRORS;
  }
  if (values.token) {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const digest = tokenDigest(token).toString('hex');
    context.out(`Authorization: Bearer ${token}\nDASHBOARD_TOKENS=${values.role}=sha256:${digest}\n`);
    return EXIT_OK;
  }
  context.err('Password, then Enter and Ctrl+D:\n');
  const password = (await context.readStdin()).replace(/\r?\n$/, '');
  if (password.length < MIN_PASSWORD_CHARACTERS || password.includes('\n')) {
    context.err(`A password is one line of at least ${MIN_PASSWORD_CHARACTERS} characters.\n`);
    return EXIT_ERRORS;
  }
  context.out(`DASHBOARD_PASSWORDS=${values.role}=${await hashPassword(password)}\n`);
  return EXIT_OK;
}
