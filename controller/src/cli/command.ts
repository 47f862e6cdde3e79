import type { Clock } from '../clock.ts';

/** What a command may use of the process that it runs in. */
export interface CommandContext {
  /** Folder of the CRDs. */
  readonly crdDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readStdin(): Promise<string>;
  out(text: string): void;
  err(text: string): void;
}

/** Takes its arguments and gives the exit code of the process. */
export type Command = (args: readonly string[], context: CommandContext) => Promise<number>;

export const EXIT_OK = 0;
export const EXIT_WARNINGS = 1;
/** Also for arguments that make no sense. */
export const EXIT_ERRORS = 2;
