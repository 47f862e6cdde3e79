import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { join } from 'node:path';
import type { KeyAndCertificate } from './certificate.ts';
import { readIfThere, writePrivate } from './private-file.ts';

/** What the server shows, and what clients trust. */
export interface ServerIdentity extends KeyAndCertificate {
  readonly authorityPem: string;
}

const DAY_MS = 86_400_000;
/** Clients hold the authority in their kubeconfig, so it lives long. */
const AUTHORITY_DAYS = 3650;
const SERVER_DAYS = 365;
/** A certificate is made anew when less than this is left, far longer than a controller is likely to be down. */
const RENEW_DAYS = 30;
/** Clocks of clients may be behind. */
const BACKDATE_MS = 60 * 60 * 1000;

/**
 * The certificate of the server, from `folder`; made there at first use, and again when it ends soon or does not name
 * all of `names`. A new authority is made when the old one ends soon: clients then need the new kubeconfig.
 */
export async function loadIdentity(folder: string, names: readonly string[], nowMs: number): Promise<ServerIdentity> {
  const authority =
    (await loadPair(folder, 'ca', (certificate) => isFresh(certificate, nowMs))) ??
    (await makeAuthority(folder, nowMs));
  const isUsable = (certificate: X509Certificate): boolean =>
    isFresh(certificate, nowMs) &&
    certificate.checkIssued(new X509Certificate(authority.certificatePem)) &&
    names.every((name) => (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined);
  const server = (await loadPair(folder, 'server', isUsable)) ?? (await makeServer(folder, authority, names, nowMs));
  return { ...server, authorityPem: authority.certificatePem };
}

/** When the certificate should be looked at again, in milliseconds from now. */
export function renewalDueMs(identity: ServerIdentity, nowMs: number): number {
  const untilMs = new X509Certificate(identity.certificatePem).validToDate.getTime();
  return Math.max(0, untilMs - RENEW_DAYS * DAY_MS - nowMs);
}

function isFresh(certificate: X509Certificate, nowMs: number): boolean {
  return (
    certificate.validFromDate.getTime() <= nowMs && certificate.validToDate.getTime() - nowMs > RENEW_DAYS * DAY_MS
  );
}

async function loadPair(
  folder: string,
  name: string,
  isUsable: (certificate: X509Certificate) => boolean,
): Promise<KeyAndCertificate | undefined> {
  const certificatePem = await readIfThere(join(folder, `${name}.crt`));
  const keyPem = await readIfThere(join(folder, `${name}.key`));
  if (certificatePem === undefined || keyPem === undefined) return undefined;
  const certificate = readCertificate(certificatePem, keyPem);
  return certificate !== undefined && isUsable(certificate) ? { certificatePem, keyPem } : undefined;
}

/** Undefined for files that are damaged or do not belong together: new ones are made then. */
function readCertificate(certificatePem: string, keyPem: string): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(certificatePem);
    return certificate.checkPrivateKey(createPrivateKey(keyPem)) ? certificate : undefined;
  } catch {
    return undefined;
  }
}

async function makeAuthority(folder: string, nowMs: number): Promise<KeyAndCertificate> {
  // loaded only when it is needed: it takes memory
  const { createAuthority } = await import('./certificate.ts');
  const made = await createAuthority('foghorn-ca', validity(AUTHORITY_DAYS, nowMs));
  return save(folder, 'ca', made);
}

async function makeServer(
  folder: string,
  authority: KeyAndCertificate,
  names: readonly string[],
  nowMs: number,
): Promise<KeyAndCertificate> {
  const { createServerCertificate } = await import('./certificate.ts');
  return save(folder, 'server', await createServerCertificate(authority, names, validity(SERVER_DAYS, nowMs)));
}

async function save(folder: string, name: string, made: KeyAndCertificate): Promise<KeyAndCertificate> {
  await writePrivate(join(folder, `${name}.key`), made.keyPem);
  await writePrivate(join(folder, `${name}.crt`), made.certificatePem);
  return made;
}

function validity(days: number, nowMs: number): { readonly fromMs: number; readonly untilMs: number } {
  return { fromMs: nowMs - BACKDATE_MS, untilMs: nowMs + days * DAY_MS };
}
