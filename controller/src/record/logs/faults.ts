import { errorCode, errorMessage } from '../../errors.ts';
import type { AppendResult } from './appender.ts';

/** A trouble with the log files: a reason, and in one line what is wrong and what to do. */
export interface LogFault {
  readonly reason: 'DiskFull' | 'PermissionDenied' | 'WriteFailed' | 'RotationFailed';
  readonly message: string;
}

export interface FileResult {
  readonly path: string;
  readonly result: AppendResult;
}

const RESUMES = 'logging resumes by itself, everything else goes on';

/** The worst that happened to the files of `dir`; its text is the same for the same cause, so that it is said once. */
export function worstFault(dir: string, results: readonly FileResult[]): LogFault | undefined {
  for (const { path, result } of results) {
    if (result.kind === 'failed') return writeFault(dir, path, result.fault);
  }
  for (const { path, result } of results) {
    if (result.kind === 'unrotated') return rotationFault(path, result.fault);
  }
  return undefined;
}

function writeFault(dir: string, path: string, fault: unknown): LogFault {
  switch (errorCode(fault)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return {
        reason: 'DiskFull',
        message: `logs in ${dir} cannot be written: the disk is full; free space there, ${RESUMES}`,
      };
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return {
        reason: 'PermissionDenied',
        message: `logs in ${dir} cannot be written: no permission; let this user write there or set LOG_DIR, ${RESUMES}`,
      };
    default:
      return {
        reason: 'WriteFailed',
        message: `${path} cannot be written: ${errorMessage(fault)}; check LOG_DIR, ${RESUMES}`,
      };
  }
}

function rotationFault(path: string, fault: unknown): LogFault {
  return {
    reason: 'RotationFailed',
    message: `${path} is over LOG_MAX_BYTES and cannot be renamed (${errorMessage(fault)}); allow it in that folder, the file grows until then`,
  };
}
