import { pino, type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

/** JSON lines on standard output: one object a line, so that no outside text can forge an entry. */
export function createLog(options: { readonly level: string; readonly destination?: DestinationStream }): Log {
  const settings = {
    level: options.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}

/** For tests and tools that must stay quiet. */
export function createSilentLog(): Log {
  return pino({ level: 'silent' });
}
