import { fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { answerOf, endForked } from '../forked.ts';

/** What the server's process has spent since the measurement began. */
export interface ServerCost {
  readonly ticks: number;
  readonly cpuMs: number;
  /** How late each tick began. */
  readonly lateMs: readonly number[];
  readonly loopDelayP99Ms: number;
  readonly loopDelayMaxMs: number;
  readonly memoryBytes: number;
}

export interface ServerProcess {
  readonly url: string;
  begin(): void;
  end(): Promise<ServerCost>;
  stop(): Promise<void>;
}

/** Listeners and browser are on other machines in truth: here they make way for the server, where root runs this. */
const SERVER_NICENESS = -10;

export async function startServer(options: {
  readonly containers: number;
  readonly share: number;
  readonly webDir: string;
}): Promise<ServerProcess> {
  const script = join(import.meta.dirname, 'server.ts');
  const child = fork(script, [String(options.containers), String(options.share), options.webDir]);
  if (process.getuid?.() === 0 && child.pid !== undefined) setPriority(child.pid, SERVER_NICENESS);
  const ready: { readonly port: number } = await answerOf(child);
  return {
    url: `http://127.0.0.1:${ready.port}`,
    begin: () => child.send('begin'),
    end() {
      const answer = answerOf<ServerCost>(child);
      child.send('end');
      return answer;
    },
    stop: () => endForked(child),
  };
}
