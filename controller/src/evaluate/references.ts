import type { ASTNode } from '@marcbachmann/cel-js';
import { changeKinds } from '../model/observation.ts';
import { isVariable as isRuleVariable } from './environment.ts';
import { childrenOf } from './syntax.ts';
import { readWindowCall, windowFunctions, type WindowCall } from './windows.ts';

/** A value that an expression uses. */
export type Reference =
  /** `['probes', 'http', 'status']`, labelled `probes.http.status`. */
  | { readonly kind: 'variable'; readonly label: string; readonly path: readonly string[] }
  | { readonly kind: 'window'; readonly label: string; readonly call: WindowCall };

/** What an expression refers to, each once, in source order; without `isVariable` by the names that rules have. */
export function referencesOf(root: ASTNode, isVariable: IsVariable = isRuleVariable): readonly Reference[] {
  const found = new Map<string, Reference>();
  collect(root, found, isVariable);
  return [...found.values()];
}

type IsVariable = (name: string) => boolean;

function collect(node: ASTNode, found: Map<string, Reference>, isVariable: IsVariable): void {
  const reference = readReference(node, isVariable);
  if (reference !== undefined) found.set(reference.label, reference);
  else for (const child of childrenOf(node)) collect(child, found, isVariable);
}

function readReference(node: ASTNode, isVariable: IsVariable): Reference | undefined {
  if (node.op === 'call') {
    const name = windowFunctions.find((known) => known === node.args[0]);
    const call = name && readWindowCall(name, node.args[1]);
    return call && 'metric' in call ? { kind: 'window', label: call.label, call } : undefined;
  }
  const path = pathOf(node, isVariable);
  return path && { kind: 'variable', label: path.join('.'), path };
}

/** The names from a variable to the field that a node reads; undefined when it reads none. */
export function pathOf(node: ASTNode, isVariable: IsVariable = isRuleVariable): readonly string[] | undefined {
  if (node.op === 'id') return isVariable(node.args) ? [node.args] : undefined;
  const field = fieldOf(node);
  if (field === undefined) return undefined;
  const parent = pathOf(field.of, isVariable);
  return parent && [...parent, field.name];
}

function fieldOf(node: ASTNode): { readonly of: ASTNode; readonly name: string } | undefined {
  if (node.op === '.') return { of: node.args[0], name: node.args[1] };
  if (node.op !== '[]') return undefined;
  const [of, index] = node.args;
  return index.op === 'value' && typeof index.args === 'string' ? { of, name: index.args } : undefined;
}

const changeNames: readonly string[] = changeKinds;

/** True for an expression over change marks only (which container it is does not change): true in one look only. */
export function isEventLike(references: readonly Reference[]): boolean {
  const changing = references.filter(({ label }) => !label.startsWith('container.'));
  return changing.length > 0 && changing.every(({ label }) => changeNames.includes(label));
}
