/** Has a real API server judge the definitions of crds/ and objects of their kinds, and keeps what it said: KUBECONFIG=... node scripts/crd-verdicts.ts */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { judgeObjects, type ObjectCase } from './object-verdicts.ts';

/** What a real API server said of each file of crds/. */
export interface CrdVerdicts {
  /** Its version. */
  readonly server: string;
  readonly definitions: Readonly<Record<string, CrdVerdict>>;
}

interface CrdVerdict {
  /** Of the definition without comments and layout. */
  readonly sha256: string;
  /** `Established=True`; a schema that is not structural would say `NonStructuralSchema=True`. */
  readonly conditions: readonly string[];
}

const crdDirectory = join(import.meta.dirname, '../crds');
const fixtures = join(import.meta.dirname, '../controller/src/apiserver/fixtures');
export const verdictsPath: string = join(fixtures, 'crd-verdicts.json');
const objectVerdictsPath = join(fixtures, 'verdicts.json');
const CALL_TIMEOUT_MS = 30_000;

export const crdFiles: readonly string[] = readdirSync(crdDirectory).filter((file) => file.endsWith('.yaml'));

/** Changes when the definition says something else. */
export function crdDigest(file: string): string {
  const definition: unknown = parse(readFileSync(join(crdDirectory, file), 'utf8'));
  return createHash('sha256').update(JSON.stringify(definition)).digest('hex');
}

function askServer(): CrdVerdicts {
  kubectl('apply', '--server-side', '--force-conflicts', '--validate=false', '-f', crdDirectory);
  const version = JSON.parse(kubectl('version', '--output=json')) as { readonly serverVersion: { gitVersion: string } };
  const definitions = crdFiles.map((file): readonly [string, CrdVerdict] => {
    const path = join(crdDirectory, file);
    kubectl('wait', '--for=condition=Established', '--timeout=20s', '-f', path);
    const conditions = kubectl(
      'get',
      '-f',
      path,
      '-o',
      'jsonpath={range .status.conditions[*]}{.type}={.status} {end}',
    );
    return [file, { sha256: crdDigest(file), conditions: conditions.trim().split(' ').toSorted() }];
  });
  return { server: version.serverVersion.gitVersion, definitions: Object.fromEntries(definitions) };
}

function kubectl(...parameters: readonly string[]): string {
  return execFileSync('kubectl', parameters, { encoding: 'utf8', timeout: CALL_TIMEOUT_MS });
}

/** One case a line, so that a difference shows which. */
async function keepObjectVerdicts(): Promise<void> {
  const cases = JSON.parse(readFileSync(objectVerdictsPath, 'utf8')) as readonly ObjectCase[];
  const lines = (await judgeObjects(cases, crdFiles)).map((one) => `  ${JSON.stringify(one)}`);
  writeFileSync(objectVerdictsPath, `[\n${lines.join(',\n')}\n]\n`);
}

if (import.meta.main) {
  writeFileSync(verdictsPath, `${JSON.stringify(askServer(), undefined, 2)}\n`);
  await keepObjectVerdicts();
}
