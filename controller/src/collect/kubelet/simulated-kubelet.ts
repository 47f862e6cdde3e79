import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A kubelet as its clients see it: HTTPS under a certificate that names the node only, bearer tokens. */
export interface SimulatedKubelet {
  readonly port: number;
  /** The authority that signed its first certificate, PEM. */
  readonly authority: string;
  /** Shows another certificate to whoever connects from now on; gives the authority that signed it. */
  rotate(certificate: SimulatedCertificate): string;
  /** Ends the connections that stand, so that the next call sees the certificate of now. */
  dropConnections(): void;
  close(): Promise<void>;
}

export interface SimulatedCertificate {
  /** What it is for. */
  readonly nodeName: string;
  /** How long it is valid from now on; below zero it has expired. */
  readonly days?: number;
}

/** As a kubelet's. */
const KEEP_ALIVE_MS = 90_000;

/** @param nodeName what the certificate is for; `*.example.test` for many. */
export async function startSimulatedKubelet(
  nodeName: string,
  listener: RequestListener,
  host = '127.0.0.1',
): Promise<SimulatedKubelet> {
  const first = makeCertificates({ nodeName });
  const server = createServer({ ...first, keepAliveTimeout: KEEP_ALIVE_MS }, listener).listen(0, host);
  await once(server, 'listening');
  return {
    port: portOf(server),
    authority: first.authority,
    rotate(certificate) {
      const next = makeCertificates(certificate);
      server.setSecureContext(next);
      return next.authority;
    },
    dropConnections: () => server.closeAllConnections(),
    close: () => close(server),
  };
}

interface Certificates {
  readonly key: string;
  readonly cert: string;
  readonly authority: string;
}

/** Of an authority of its own. */
function makeCertificates({ nodeName, days = 2 }: SimulatedCertificate): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'foghorn-kubelet-'));
  const openssl = (...args: readonly string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'ca-key.pem', '-out', 'ca.pem', '-subj', '/CN=ca', '-days', '2');
  writeFileSync(join(folder, 'names'), `subjectAltName=DNS:${nodeName}`);
  openssl('req', ...key, '-keyout', 'key.pem', '-out', 'request.pem', '-subj', `/CN=system:node:${nodeName}`);
  const signing = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-days', String(days)];
  openssl('x509', '-req', '-in', 'request.pem', ...signing, '-extfile', 'names', '-out', 'cert.pem');
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const made = { key: read('key.pem'), cert: read('cert.pem'), authority: read('ca.pem') };
  rmSync(folder, { recursive: true });
  return made;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}
