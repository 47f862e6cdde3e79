import type { Span, StoredRow } from '../series.ts';
import { unitMsOf, type Tier } from '../tiers.ts';
import { openChunks, type Chunks } from './chunks.ts';
import { bytesAt, numberArray, numberAt } from './columns.ts';
import type { Database, Sql, Statement } from './pool.ts';
import { SCHEMA, tierTableName } from './schema.ts';

/** A row to write; `bucket` is a time divided by the tier's unit. */
export interface NewRow {
  readonly target: number;
  readonly bucket: number;
  readonly data: Uint8Array;
}

/** A row of several targets' rows. */
export interface TargetRow extends StoredRow {
  readonly target: number;
}

export interface TierTable {
  readonly tier: Tier;
  readonly unitMs: number;
  readonly chunks: Chunks;
  /** Replaces those that are there. No two for the same target and time; the chunks must be there. */
  put(sql: Sql, rows: readonly NewRow[]): Promise<void>;
  /** In order of time. */
  rows(target: number, span: Span): Promise<readonly StoredRow[]>;
  /** Those of a target together, in order of time. */
  rowsOf(targets: readonly number[], span: Span): Promise<readonly TargetRow[]>;
  count(target: number, span: Span): Promise<number>;
}

export function openTierTable(database: Database, tier: Tier, coarser: Tier | undefined): TierTable {
  const unitMs = unitMsOf(tier);
  const statements = statementsOf(tierTableName(tier.resolutionMs));
  const buckets = ({ fromMs, toMs }: Span): [number, number] => [Math.ceil(fromMs / unitMs), Math.floor(toMs / unitMs)];
  return {
    tier,
    unitMs,
    chunks: openChunks(database, tier, coarser),
    async put(sql, rows) {
      if (rows.length > 0) await sql.run(statements.put, packed(rows));
    },
    async rows(target, span) {
      const { rows } = await database.run(statements.range, [target, ...buckets(span)]);
      return rows.map((row) => ({ at: numberAt(row, 0) * unitMs, data: bytesAt(row, 1) }));
    },
    async rowsOf(targets, span) {
      const { rows } = await database.run(statements.ranges, [numberArray(targets), ...buckets(span)]);
      return rows.map((row) => ({ target: numberAt(row, 0), at: numberAt(row, 1) * unitMs, data: bytesAt(row, 2) }));
    },
    async count(target, span) {
      return numberAt((await database.run(statements.count, [target, ...buckets(span)])).rows[0], 0);
    },
  };
}

/**
 * The rows of `ranges` are looked up target by target: OFFSET keeps the planner from reading a whole part of the table
 * before it has statistics of it.
 */
function statementsOf(name: string): Readonly<Record<'put' | 'range' | 'ranges' | 'count', Statement>> {
  const table = `${SCHEMA}.${name}`;
  return {
    put: {
      name: `put_${name}`,
      text: `
        INSERT INTO ${table} (target, bucket, data)
        SELECT target, bucket, substring($5::bytea FROM first FOR size)
        FROM unnest($1::integer[], $2::bigint[], $3::integer[], $4::integer[]) AS packed (target, bucket, first, size)
        ON CONFLICT (target, bucket) DO UPDATE SET data = excluded.data`,
    },
    range: {
      name: `range_${name}`,
      text: `SELECT bucket, data FROM ${table} WHERE target = $1 AND bucket BETWEEN $2 AND $3 ORDER BY bucket`,
    },
    ranges: {
      name: `ranges_${name}`,
      text: `
        SELECT wanted.target, found.bucket, found.data
        FROM unnest($1::integer[]) AS wanted (target), LATERAL (
          SELECT bucket, data FROM ${table}
          WHERE target = wanted.target AND bucket BETWEEN $2 AND $3 ORDER BY bucket OFFSET 0
        ) AS found`,
    },
    count: {
      name: `count_${name}`,
      text: `SELECT count(*) FROM ${table} WHERE target = $1 AND bucket BETWEEN $2 AND $3`,
    },
  };
}

/** All data in one value of bytes, cut up by the server: half the size of an array of them, and no quoting. */
function packed(rows: readonly NewRow[]): [string, string, string, string, Buffer] {
  // In one order, so that two writers never wait for each other in a circle.
  const sorted = rows.toSorted((a, b) => a.target - b.target || a.bucket - b.bucket);
  let end = 0;
  const firsts = sorted.map(({ data }) => {
    const first = end + 1;
    end += data.byteLength;
    return first;
  });
  return [
    numberArray(sorted.map(({ target }) => target)),
    numberArray(sorted.map(({ bucket }) => bucket)),
    numberArray(firsts),
    numberArray(sorted.map(({ data }) => data.byteLength)),
    Buffer.concat(sorted.map(({ data }) => data)),
  ];
}
