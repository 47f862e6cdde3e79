import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** A password as it is kept: only who knows it can show that it fits. */
export interface PasswordHash {
  readonly cost: number;
  readonly blockSize: number;
  readonly parallelization: number;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** OWASP's least for 16 MiB: a sign-in must not take the memory that the controller is measured by. */
const COST = 16_384;
const BLOCK_SIZE = 8;
const PARALLELIZATION = 5;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** What a hash that somebody made elsewhere may ask for. */
const MAX_COST = 131_072;
const MAX_BLOCK_SIZE = 16;
const MAX_PARALLELIZATION = 16;
const MAX_MEMORY_BYTES = 300_000_000;

const pattern = /^scrypt:(\d{1,7}):(\d{1,2}):(\d{1,2}):([\w-]{16,88}):([\w-]{32,88})$/;

/** `scrypt:16384:8:5:SALT:HASH`, without a character that a shell or Compose would read; undefined when it is none. */
export function parsePasswordHash(text: string): PasswordHash | undefined {
  const [, cost = '', blockSize = '', parallelization = '', salt = '', hash = ''] = pattern.exec(text) ?? [];
  const parsed = {
    cost: Number(cost),
    blockSize: Number(blockSize),
    parallelization: Number(parallelization),
    salt: Buffer.from(salt, 'base64url'),
    hash: Buffer.from(hash, 'base64url'),
  };
  return isSane(parsed) ? parsed : undefined;
}

function isSane({ cost, blockSize, parallelization }: PasswordHash): boolean {
  const isPowerOfTwo = cost > 1 && Number.isInteger(Math.log2(cost));
  return (
    isPowerOfTwo &&
    cost <= MAX_COST &&
    blockSize >= 1 &&
    blockSize <= MAX_BLOCK_SIZE &&
    parallelization >= 1 &&
    parallelization <= MAX_PARALLELIZATION
  );
}

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const parameters = { cost: COST, blockSize: BLOCK_SIZE, parallelization: PARALLELIZATION, salt };
  const hash = await derive(password, { ...parameters, hash: Buffer.alloc(HASH_BYTES) });
  return ['scrypt', COST, BLOCK_SIZE, PARALLELIZATION, salt.toString('base64url'), hash.toString('base64url')].join(
    ':',
  );
}

/** Takes as long for a wrong password as for the right one. */
export async function isPassword(password: string, kept: PasswordHash): Promise<boolean> {
  return timingSafeEqual(await derive(password, kept), kept.hash);
}

function derive(password: string, { salt, hash, ...parameters }: PasswordHash): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { ...parameters, maxmem: MAX_MEMORY_BYTES };
    scrypt(password.normalize('NFKC'), salt, hash.length, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
