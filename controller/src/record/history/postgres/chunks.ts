import { unitMsOf, type Tier } from '../tiers.ts';
import { textAt } from './columns.ts';
import { isLockTimeout } from './faults.ts';
import type { Database } from './pool.ts';
import { changingSchema, SCHEMA, tierTableName } from './schema.ts';

/** A part of a tier's table: all rows of a stretch of time. Dropping it costs nothing, however much is in it. */
export interface Chunk {
  readonly table: string;
  readonly fromMs: number;
  /** Not included. */
  readonly toMs: number;
}

export interface Chunks {
  /** Makes those that are missing for rows at these times. */
  ensure(times: Iterable<number>): Promise<void>;
  /** In order of time. */
  list(): Promise<readonly Chunk[]>;
  isEmpty(chunk: Chunk): Promise<boolean>;
  /** False when somebody reads it just now; then another time. */
  drop(chunk: Chunk): Promise<boolean>;
}

/** So many make up the time that a tier is kept, and one more is being filled. */
const CHUNKS_KEPT = 6;

/** Waiting longer for a reader would hold up all other readers. */
const DROP_WAIT_MS = 500;

/** `coarser` is rolled up from it: none of its intervals lies in two chunks. */
export function openChunks(database: Database, tier: Tier, coarser: Tier | undefined): Chunks {
  const parent = tierTableName(tier.resolutionMs);
  const multiple = unitMsOf(coarser ?? tier);
  const lengthMs = multiple * Math.ceil(tier.keepMs / CHUNKS_KEPT / multiple);
  const present = new Set<number>();
  const chunkOf = (index: number): Chunk => ({
    table: `${SCHEMA}.${nameOf(parent, index)}`,
    fromMs: index * lengthMs,
    toMs: (index + 1) * lengthMs,
  });

  async function indexes(): Promise<readonly number[]> {
    const text = 'SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = $1::regclass';
    const { rows } = await database.run({ text }, [`${SCHEMA}.${parent}`]);
    return rows.map((row) => indexOf(textAt(row, 0))).toSorted((a, b) => a - b);
  }

  return {
    async ensure(times) {
      const missing = new Set<number>();
      for (const at of times) {
        const index = Math.floor(at / lengthMs);
        if (!present.has(index)) missing.add(index);
      }
      if (missing.size === 0) return;
      for (const index of missing) await attach(database, { parent, chunk: chunkOf(index), unitMs: unitMsOf(tier) });
      for (const index of missing) present.add(index);
    },
    list: async () => (await indexes()).map(chunkOf),
    async isEmpty({ table }) {
      return (await database.run({ text: `SELECT 1 FROM ${table} LIMIT 1` })).rows.length === 0;
    },
    async drop({ table, fromMs }) {
      present.delete(fromMs / lengthMs);
      return dropTable(database, table);
    },
  };
}

function nameOf(parent: string, index: number): string {
  return `${parent}_p${index < 0 ? 'm' : ''}${Math.abs(index)}`;
}

function indexOf(name: string): number {
  const [, minus, digits] = /_p(m?)(\d+)$/.exec(name) ?? [];
  if (digits === undefined) throw new TypeError(`${name} is no part of the history`);
  return minus === 'm' ? -Number(digits) : Number(digits);
}

interface NewChunk {
  readonly parent: string;
  readonly chunk: Chunk;
  readonly unitMs: number;
}

/** Made apart and attached, which neither waits for readers nor holds them up. */
async function attach(database: Database, { parent, chunk, unitMs }: NewChunk): Promise<void> {
  await changingSchema(database, async (sql) => {
    const found = await sql.run({ text: 'SELECT to_regclass($1) IS NOT NULL' }, [chunk.table]);
    if (found.rows[0]?.[0] === true) return;
    await sql.run({ text: `CREATE TABLE ${chunk.table} (LIKE ${SCHEMA}.${parent} INCLUDING ALL)` });
    await sql.run({
      text: `ALTER TABLE ${SCHEMA}.${parent} ATTACH PARTITION ${chunk.table}
        FOR VALUES FROM (${chunk.fromMs / unitMs}) TO (${chunk.toMs / unitMs})`,
    });
  });
}

async function dropTable(database: Database, table: string): Promise<boolean> {
  try {
    await changingSchema(database, async (sql) => {
      await sql.run({ text: `SET LOCAL lock_timeout = ${DROP_WAIT_MS}` });
      await sql.run({ text: `DROP TABLE IF EXISTS ${table}` });
    });
    return true;
  } catch (error) {
    if (isLockTimeout(error)) return false;
    throw error;
  }
}
