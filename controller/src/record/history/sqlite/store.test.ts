import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { storeContract } from '../store-contract.ts';
import { openStore } from './store.ts';

const dir = mkdtempSync(join(tmpdir(), 'foghorn-store-'));
const file = join(dir, 'history.db');
afterAll(() => rmSync(dir, { recursive: true }));

const place = {
  empty: async () => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
  },
  open: async (tiers: Parameters<typeof openStore>[1]) => openStore(file, tiers),
};

storeContract('sqlite', place, { numRuns: 100 });
