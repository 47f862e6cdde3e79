import { request } from 'undici';
import type { Fence } from '../model/leadership.ts';
import type { Ping } from './heartbeat.ts';

/** Of one call, connection included. */
const TIMEOUT_MS = 10_000;

/** Calls the address by GET; any 2xx is well. The address may hold a secret, so faults do not repeat it. */
export function createHttpPing(url: string, fence?: Fence): Ping {
  return async () => {
    fence?.();
    const { statusCode, body } = await request(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    await body.dump();
    if (statusCode < 200 || statusCode > 299) throw new Error(`HTTP ${statusCode}`);
  };
}
