import { Environment } from '@marcbachmann/cel-js';
import type { RE2JS } from 're2js';
import type { ProbeSpec } from '../model/policy.ts';
import { changeKinds } from '../model/observation.ts';
import { LINEAR_MATCH } from './syntax.ts';
import { registerWindows } from './windows.ts';

/** Bounds on one expression: far above what people write, and cheap to judge at that. */
export const MAX_EXPRESSION_CHARS = 2048;
const limits = { maxAstNodes: 256, maxDepth: 24, maxListElements: 64, maxMapEntries: 16, maxCallArguments: 8 };

const variables: Readonly<Record<string, string>> = {
  up: 'bool',
  state: 'string',
  health: 'string',
  cpu: 'double',
  cpuCores: 'double',
  memory: 'double',
  memoryBytes: 'double',
  memoryLimitBytes: 'double',
  networkReceiveRate: 'double',
  networkTransmitRate: 'double',
  diskReadRate: 'double',
  diskWriteRate: 'double',
  processes: 'int',
  uptime: 'double',
  restarts: 'int',
  exitCode: 'int',
  ...Object.fromEntries(changeKinds.map((kind) => [kind, 'bool'])),
};

const container = {
  name: 'string',
  id: 'string',
  image: 'string',
  host: 'string',
  namespace: 'string',
  labels: 'map<string, string>',
};
const probe = { up: 'bool', status: 'int', latency: 'double', value: 'double', error: 'string' };
const loadtest = { running: 'bool', rate: 'double', name: 'string' };

/**
 * The library tells objects of a type by their `constructor`. These stand for the types; {@link objectOf} makes a
 * plain object one of them. A schema instead would have the library wrap each object in each evaluation (2 us).
 */
const objectTypes = {
  Container: (): void => undefined,
  LoadTest: (): void => undefined,
  Probe: (): void => undefined,
  Probes: (): void => undefined,
} as const;

/** Fields of a variable that has some, as the environment's type of that name. */
export function objectOf(type: keyof typeof objectTypes, fields: Readonly<Record<string, unknown>>): object {
  return { ...fields, constructor: objectTypes[type] };
}

/** The typed CEL environment of one policy, and the patterns that its expressions were found to use. */
export interface RuleEnvironment {
  readonly cel: Environment;
  readonly patterns: Map<string, RE2JS>;
  /** Names that an expression can refer to, apart from those it binds itself. */
  isVariable(name: string): boolean;
}

/** Every variable and function that a rule may use; probes are those of its policy, so that a wrong name is found. */
export function createEnvironment(probes: readonly Pick<ProbeSpec, 'name'>[]): RuleEnvironment {
  const { cel, patterns } = createBareEnvironment();
  for (const [name, type] of Object.entries(variables)) cel.registerVariable(name, type);
  cel.registerType('Container', { ctor: objectTypes.Container, fields: container });
  cel.registerType('LoadTest', { ctor: objectTypes.LoadTest, fields: loadtest });
  cel.registerType('Probe', { ctor: objectTypes.Probe, fields: probe });
  const probeFields = Object.fromEntries(probes.map(({ name }) => [name, 'Probe']));
  cel.registerType('Probes', { ctor: objectTypes.Probes, fields: probeFields });
  cel.registerVariable('container', 'Container').registerVariable('loadtest', 'LoadTest');
  cel.registerVariable('probes', 'Probes');
  registerWindows(cel);
  return { cel, patterns, isVariable };
}

/** Bounds, linear patterns and comparison by value: what every expression of a user has. */
export function createBareEnvironment(): Pick<RuleEnvironment, 'cel' | 'patterns'> {
  const cel = new Environment({ limits });
  const patterns = new Map<string, RE2JS>();
  cel.registerFunction(
    `string.${LINEAR_MATCH}(string): bool`,
    (text: string, pattern: string) => patterns.get(pattern)?.test(text) ?? false,
    { async: false },
  );
  // The library has `<` between these, and equality only where a type is unknown; CEL compares numbers by value.
  cel.registerOperator('int == double: bool', (whole: bigint, real: number) => Number(whole) === real);
  return { cel, patterns };
}

/** Every variable with its type, those with fields field by field; `*` stands for the name of a probe. */
export function environmentNames(): readonly { readonly name: string; readonly type: string }[] {
  const groups = [
    ['', variables],
    ['container.', container],
    ['probes.*.', probe],
    ['loadtest.', loadtest],
  ] as const;
  return groups.flatMap(([prefix, fields]) =>
    Object.entries(fields).map(([name, type]) => ({ name: `${prefix}${name}`, type })),
  );
}

/** Names that a rule can refer to, apart from those it binds itself. */
export function isVariable(name: string): boolean {
  return Object.hasOwn(variables, name) || name === 'container' || name === 'probes' || name === 'loadtest';
}
