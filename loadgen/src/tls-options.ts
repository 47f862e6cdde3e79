import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { ReadFile } from './files.ts';
import { InputError } from './input-error.ts';

/** How the target's certificate is judged, and what we show of ourselves. */
export interface TlsOptions {
  /** One for all connections. */
  readonly secureContext: SecureContext;
  /** false: any certificate is taken; who answers is not known. */
  readonly isVerified: boolean;
  /** Name that the certificate must have, and that the server is told (SNI); undefined: the host of the address. */
  readonly servername: string | undefined;
}

export interface TlsFlags {
  readonly isInsecure: boolean;
  /** Path of a PEM file, or the PEM text itself (certificates are no secrets). */
  readonly cacert: string | undefined;
  /** Paths of PEM files. */
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly servername: string | undefined;
}

const MAX_PEM_BYTES = 1_048_576;
const PEM_CERTIFICATE = '-----BEGIN CERTIFICATE-----';

/**
 * @returns undefined for a target that is not https
 * @throws InputError when a file is missing or no PEM, or when key and certificate do not fit
 */
export function readTls(flags: TlsFlags, url: URL, readFile: ReadFile): TlsOptions | undefined {
  const { isInsecure, cacert, servername } = flags;
  if (url.protocol !== 'https:') {
    const given = [cacert, flags.cert, flags.key, servername].some((flag) => flag !== undefined);
    if (!isInsecure && !given) return undefined;
    throw new InputError('--insecure, --cacert, --cert, --key and --servername go with an https address');
  }
  if (isInsecure && cacert !== undefined) throw new InputError('give one of --insecure and --cacert');
  if (servername !== undefined && !/^[A-Za-z0-9_.-]{1,253}$/.test(servername)) {
    throw new InputError(`--servername ${JSON.stringify(servername)} is not a host name`);
  }
  const ca = cacert === undefined ? {} : { ca: readCertificates('--cacert', cacert, readFile) };
  const secureContext = createContext({ ...ca, ...readOurs(flags, readFile) });
  return { secureContext, isVerified: !isInsecure, servername };
}

function readOurs({ cert, key }: TlsFlags, readFile: ReadFile): Pick<Material, 'cert' | 'key'> {
  if ((cert === undefined) !== (key === undefined)) throw new InputError('--cert and --key go together');
  if (cert === undefined || key === undefined) return {};
  return { cert: readCertificates('--cert', cert, readFile), key: readFile('--key', key, MAX_PEM_BYTES) };
}

function readCertificates(what: string, text: string, readFile: ReadFile): string {
  const pem = text.startsWith(PEM_CERTIFICATE) ? text : readFile(what, text, MAX_PEM_BYTES).toString('latin1');
  if (!pem.includes(PEM_CERTIFICATE)) throw new InputError(`${what} holds no certificate in PEM form`);
  return pem;
}

interface Material {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: Buffer;
}

function createContext(material: Material): SecureContext {
  try {
    // A context takes a damaged authority without a word.
    if (material.ca !== undefined) void new X509Certificate(material.ca);
    return createSecureContext(material);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new InputError(
      `--cacert, --cert or --key is damaged, has a passphrase, or key and certificate do not fit (${code})`,
    );
  }
}
