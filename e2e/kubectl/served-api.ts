import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../controller/src/free-port.ts';
import { endProcess } from '../child-process.ts';

/** The embedded API in a process of its own, on a folder that outlives the process. */
export interface ServedApi {
  start(): Promise<void>;
  /** As a power cut of the process: nothing is flushed. */
  kill(): Promise<void>;
  send(method: string, path: string, body?: string): Promise<IncomingMessage>;
  residentBytes(): number;
  dispose(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;

export async function createServedApi(maxSockets: number): Promise<ServedApi> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'foghorn-served-api-'));
  const agent = new Agent({ keepAlive: true, maxSockets });
  let child: ChildProcess | undefined;

  async function kill(): Promise<void> {
    if (child !== undefined) await endProcess(child, 'SIGKILL');
  }

  return {
    async start() {
      const args = [join(import.meta.dirname, 'serve.ts'), '--data', folder, '--port', String(port)];
      child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      if (child.stdout !== null) await once(child.stdout, 'data', { signal: AbortSignal.timeout(START_TIMEOUT_MS) });
    },
    kill,
    send: (method, path, body = '') =>
      new Promise((resolve, reject) => {
        const token = readFileSync(join(folder, 'pki/tokens.csv'), 'utf8').split(',')[0] ?? '';
        const ca = readFileSync(join(folder, 'pki/ca.crt'));
        const headers = {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          accept: 'application/json',
        };
        const asked = request({ host: '127.0.0.1', port, ca, agent, method, path, headers }, resolve);
        asked.on('error', reject);
        asked.end(body);
      }),
    residentBytes: () => {
      const status = readFileSync(`/proc/${child?.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
    },
    async dispose() {
      await kill();
      agent.destroy();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return text;
}
