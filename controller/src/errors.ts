/** What kind of fault it is; decides whether anybody tries again. */
export type FoghornErrorCode =
  | 'InvalidConfig'
  | 'AlreadyRunning'
  | 'NotLeading'
  | 'NotFound'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Invalid'
  | 'BadRequest'
  | 'Forbidden'
  | 'Gone'
  | 'TooLarge'
  | 'Unavailable'
  | 'Terminal';

/** A fault with a code and, in `message`, what is wrong and what to do. */
export class FoghornError extends Error {
  readonly code: FoghornErrorCode;

  constructor(code: FoghornErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FoghornError';
    this.code = code;
  }
}

export function isFoghornError(value: unknown, code?: FoghornErrorCode): value is FoghornError {
  return value instanceof FoghornError && (code === undefined || value.code === code);
}

/** The text of whatever was thrown. */
export function errorMessage(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The code of a system call, a socket or Node itself, such as `ENOENT`; empty when what was thrown has none. */
export function errorCode(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
}
