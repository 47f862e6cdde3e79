import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import type { ProbeSpec } from '../model/policy.ts';
import { createEnvironment } from './environment.ts';
import { referencesOf } from './references.ts';
import { nodesOf } from './syntax.ts';

export type Comparator = '<' | '<=' | '>' | '>=' | '==' | '!=';

/** A value held against a number that is written in the rule, the value on the left: `80 < cpu` is `cpu > 80`. */
export interface Comparison {
  /** Label of the reference: `cpu`, `probes.http.latency`, `avgOver(cpu, 5m)`. */
  readonly label: string;
  readonly comparator: Comparator;
  readonly bound: number;
  /** CEL type of the left side. */
  readonly type: 'int' | 'double';
  /** Where it stands in the source. */
  readonly offset: number;
}

/** One of the conditions that must all hold: what stands between the outermost `&&`. */
export interface Conjunct {
  /** Equal for conditions that are written alike, spaces and parentheses aside. */
  readonly form: string;
  readonly comparison: Comparison | undefined;
}

/** A valid condition taken apart, for advice about it. */
export interface TakenApart {
  readonly conjuncts: readonly Conjunct[];
  /** Every comparison with a number, wherever it stands. */
  readonly comparisons: readonly Comparison[];
}

const flipped: Readonly<Record<Comparator, Comparator>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '==': '==',
  '!=': '!=',
};

/** For conditions of a policy with these probes; each must have compiled before. */
export function createTaker(probes: readonly Pick<ProbeSpec, 'name'>[]): (source: string) => TakenApart {
  const { cel } = createEnvironment(probes);
  return (source) => {
    const root = cel.parse(source).ast;
    return {
      conjuncts: conjunctsOf(root).map((node) => ({ form: formOf(node), comparison: comparisonOf(node, cel) })),
      comparisons: [...nodesOf(root)].flatMap((node) => comparisonOf(node, cel) ?? []),
    };
  };
}

function conjunctsOf(node: ASTNode): readonly ASTNode[] {
  return node.op === '&&' ? node.args.flatMap(conjunctsOf) : [node];
}

function formOf(node: ASTNode): string {
  return JSON.stringify(node.toOldStructure(), (_key, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );
}

function comparisonOf(node: ASTNode, cel: Environment): Comparison | undefined {
  if (!isComparing(node)) return undefined;
  const [left, right] = node.args;
  const bound = numberOf(right) ?? numberOf(left);
  const value = numberOf(right) === undefined ? right : left;
  const [reference, ...others] = referencesOf(value);
  const type = cel.check(value.input.slice(value.start, value.end)).type;
  if (bound === undefined || reference === undefined || others.length > 0) return undefined;
  if (!isAlone(value) || (type !== 'int' && type !== 'double')) return undefined;
  const comparator = value === left ? node.op : flipped[node.op];
  return { label: reference.label, comparator, bound, type, offset: node.start };
}

type ComparingNode = Extract<ASTNode, { op: Comparator }>;

function isComparing(node: ASTNode): node is ComparingNode {
  return Object.hasOwn(flipped, node.op);
}

/** The reference itself, not something computed from it. */
function isAlone(node: ASTNode): boolean {
  return node.op === 'id' || node.op === '.' || node.op === '[]' || node.op === 'call';
}

function numberOf(node: ASTNode): number | undefined {
  if (node.op === '-_') {
    const positive = numberOf(node.args);
    return positive === undefined ? undefined : -positive;
  }
  if (node.op !== 'value') return undefined;
  return typeof node.args === 'number' || typeof node.args === 'bigint' ? Number(node.args) : undefined;
}
