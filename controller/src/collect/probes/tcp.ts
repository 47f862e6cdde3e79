import { connect } from 'node:net';
import type { TcpProbeSpec } from '../../model/policy.ts';
import type { ProbeOutcome } from './failure.ts';
import { startStopwatch } from '../../clock.ts';

/** Up when a connection is accepted; latency is the time to connect, name look-up included. Throws socket errors. */
export function probeTcp(spec: TcpProbeSpec, signal: AbortSignal): Promise<ProbeOutcome> {
  return new Promise((resolve, reject) => {
    const elapsedMs = startStopwatch();
    const socket = connect({ host: spec.host, port: spec.port });
    const abort = (): void => {
      socket.destroy();
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    socket.once('connect', () => {
      resolve({ up: true, latencyMs: elapsedMs() });
      socket.destroy();
    });
    // Stays for the socket's whole life: an error after the answer must not be thrown.
    socket.on('error', reject);
    socket.once('close', () => signal.removeEventListener('abort', abort));
  });
}
