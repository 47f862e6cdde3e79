import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../fake-clock.ts';
import { isFoghornError } from '../errors.ts';
import { inTransaction, openDatabase } from './database.ts';

describe('a full disk', () => {
  it('fails the write as Unavailable, changes nothing, and is over when there is room again', () => {
    const database = openDatabase(join(mkdtempSync(join(tmpdir(), 'foghorn-store-')), 'objects.db'));
    const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count']);
    const insert = database.prepare(
      "INSERT INTO history (rv, resource, type, at, bytes, json) VALUES (?, 'x', 'ADDED', ?, 0, ?)",
    );
    const count = (): unknown => database.prepare('SELECT count(*) AS n FROM history').get()?.['n'];
    const write = (): void =>
      inTransaction(database, () => {
        insert.run(1, createFakeClock().now(), 'small');
        insert.run(2, createFakeClock().now(), 'x'.repeat(1_000_000));
      });
    database.exec(`PRAGMA max_page_count = ${pages + 10}`);
    expect(write).toThrow(
      expect.objectContaining({ code: 'Unavailable', message: expect.stringContaining('full') as string }) as Error,
    );
    expect(count()).toBe(0);
    database.exec('PRAGMA max_page_count = 100000');
    write();
    expect(count()).toBe(2);
    database.close();
  });

  it('leaves faults of the work itself as they are', () => {
    const database = openDatabase(join(mkdtempSync(join(tmpdir(), 'foghorn-store-')), 'objects.db'));
    const fail = (): never =>
      inTransaction(database, () => {
        throw new Error('mine');
      });
    expect(fail).toThrow('mine');
    expect(isFoghornError(fail)).toBe(false);
    database.close();
  });
});
