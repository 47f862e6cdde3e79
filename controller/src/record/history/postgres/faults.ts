import pg from 'pg';
import { errorCode, errorMessage, isFoghornError } from '../../../errors.ts';
import type { StoreFault } from '../connection.ts';

/** Of what somebody else wrote. */
const MAX_QUOTED = 300;

const GOES_ON = 'charts pause and resume by themselves, alerts go on';

/** Host, port and database; without the user and the password, which are in no message. */
export function serverOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `postgres ${hostname === '' ? 'socket' : hostname}:${port === '' ? '5432' : port}${pathname}`;
}

export function explainServerFault(server: string, thrown: unknown): StoreFault {
  const { reason, what } = describe(thrown);
  return { reason, message: `history in ${server}: ${what}, ${GOES_ON}`, isPutAside: false };
}

interface Described {
  readonly reason: string;
  readonly what: string;
}

function describe(thrown: unknown): Described {
  if (isFoghornError(thrown, 'Invalid')) return { reason: 'Incompatible', what: thrown.message };
  return thrown instanceof pg.DatabaseError ? describeAnswer(thrown) : describeNoAnswer(thrown);
}

/** By SQLSTATE, https://www.postgresql.org/docs/current/errcodes-appendix.html */
const answers: readonly (readonly [codes: RegExp, described: Described])[] = [
  [/^28/, { reason: 'NoAccess', what: 'it refuses the user or the password; correct DATABASE_URL' }],
  [/^3D000/, { reason: 'NoAccess', what: 'there is no such database; create it or correct DATABASE_URL' }],
  [
    /^42501/,
    {
      reason: 'NoAccess',
      what: 'the user lacks rights; it must own the schema foghorn, or may create it in the database',
    },
  ],
  [/^25006/, { reason: 'ReadOnly', what: 'it takes no writes (a standby?); let DATABASE_URL lead to the primary' }],
  [/^53100/, { reason: 'DiskFull', what: 'its disk is full; free space there' }],
  [/^53300/, { reason: 'Away', what: 'it has no connection left; raise max_connections' }],
  [/^57014/, { reason: 'Slow', what: 'a statement took too long; look at its load' }],
  [/^55P03/, { reason: 'Locked', what: 'somebody holds a lock on its tables' }],
  [/^57P0/, { reason: 'Away', what: 'it is starting or stopping' }],
];

function describeAnswer(error: pg.DatabaseError): Described {
  const code = error.code ?? '';
  const known = answers.find(([codes]) => codes.test(code));
  return known?.[1] ?? { reason: 'Failed', what: `${error.message.slice(0, MAX_QUOTED)} (${code})` };
}

function describeNoAnswer(thrown: unknown): Described {
  const message = errorMessage(thrown);
  const code = errorCode(thrown);
  if (/^(SASL|SCRAM)|[Pp]assword/.test(message)) {
    return { reason: 'NoAccess', what: 'the password of DATABASE_URL is missing or cannot be used' };
  }
  if (/SSL|TLS|certificate|CERT/.test(`${message} ${code}`)) {
    return { reason: 'NoAccess', what: `no secure connection: ${code || message}; see sslmode in DATABASE_URL` };
  }
  if (code !== '' || /^Connection|timeout|terminated/.test(message)) {
    return { reason: 'Away', what: `no answer (${code || message})` };
  }
  return { reason: 'Failed', what: message };
}

/** Whether somebody else held the lock for too long. */
export function isLockTimeout(thrown: unknown): boolean {
  return thrown instanceof pg.DatabaseError && thrown.code === '55P03';
}
