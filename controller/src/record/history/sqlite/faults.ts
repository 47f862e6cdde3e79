import { errorCode, errorMessage, isFoghornError } from '../../../errors.ts';
import type { StoreFault } from '../connection.ts';

type FaultReason = 'DiskFull' | 'Locked' | 'Damaged' | 'NoAccess' | 'Failed';

/** Primary result codes of SQLite (sqlite.org/rescode.html). */
const SQLITE_PERM = 3;
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_READONLY = 8;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

const GOES_ON = 'charts pause and resume by themselves, alerts go on';

export function explainFileFault(file: string, thrown: unknown): StoreFault {
  switch (reasonOf(thrown)) {
    case 'DiskFull':
      return fault('DiskFull', `history ${file} cannot be written: the disk is full; free space there, ${GOES_ON}`);
    case 'Locked':
      return fault(
        'Locked',
        `history ${file} is in use by another process; stop the other controller or set DATA_DIR, ${GOES_ON}`,
      );
    case 'NoAccess':
      return fault(
        'NoAccess',
        `history ${file} cannot be opened for writing; let this user write in its folder or set DATA_DIR, ${GOES_ON}`,
      );
    case 'Damaged':
      return {
        reason: 'Damaged',
        message: `history ${file} is unusable (${errorMessage(thrown)}); it was moved to ${asidePath(file)} and a new one begun, nothing needs doing`,
        isPutAside: true,
      };
    default:
      return fault('Failed', `history ${file} failed: ${errorMessage(thrown)}; check the disk of DATA_DIR, ${GOES_ON}`);
  }
}

/** Where an unusable file goes; one is kept. */
export function asidePath(file: string): string {
  return `${file}.unusable`;
}

function fault(reason: FaultReason, message: string): StoreFault {
  return { reason, message, isPutAside: false };
}

function reasonOf(thrown: unknown): FaultReason {
  if (isFoghornError(thrown, 'Invalid')) return 'Damaged';
  switch (sqliteCode(thrown)) {
    case SQLITE_FULL:
      return 'DiskFull';
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return 'Locked';
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return 'Damaged';
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
      return 'NoAccess';
    default:
      return systemReason(thrown);
  }
}

function systemReason(thrown: unknown): FaultReason {
  const code = errorCode(thrown);
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'DiskFull';
  return code === 'EACCES' || code === 'EPERM' || code === 'EROFS' ? 'NoAccess' : 'Failed';
}

/** The primary code; node:sqlite gives the extended one in `errcode`. */
function sqliteCode(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('errcode' in thrown) || typeof thrown.errcode !== 'number') return undefined;
  return thrown.errcode & 0xff;
}
