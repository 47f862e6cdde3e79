import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseCrd } from '../kinds.ts';
import type { Schema } from '../schema/structural.ts';

/** For tests: the schema of the CRD that has every feature that decides on merging. */
export const sampleSchema: Schema = parseCrd(
  parse(readFileSync(join(import.meta.dirname, '../fixtures/sample-crd.yaml'), 'utf8')),
).schema;
