import type { ASTNode } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';

/** Something wrong in a source text, at an offset into it. */
export interface Fault {
  readonly offset: number;
  readonly message: string;
}

/** What rules may call. Left out is all that can make a value grow with its input (map, join, split, cel.bind). */
const functions: ReadonlySet<string> = new Set(
  'has size string int double bool avgOver maxOver minOver increaseOver'.split(' '),
);
const methods: ReadonlySet<string> = new Set(
  (
    'size contains startsWith endsWith matches lowerAscii upperAscii trim indexOf lastIndexOf substring ' +
    'all exists exists_one filter'
  ).split(' '),
);
const comprehensions: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'filter']);

/** Name under which `matches` is evaluated: the library's own is JavaScript's RegExp, exponential in bad patterns. */
export const LINEAR_MATCH = 'matchesLinear';

/** The parts of a node, in source order. */
export function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'map':
      return node.args.flat();
    case '!_':
    case '-_':
      return [node.args];
    default:
      return node.args;
  }
}

/** Every node of a tree; the parser bounds how many and how deep. */
export function* nodesOf(root: ASTNode): Generator<ASTNode> {
  yield root;
  for (const child of childrenOf(root)) yield* nodesOf(child);
}

/**
 * Holds a parsed expression to what rules may use, and makes its `matches` linear. Patterns are literals, so that
 * they are compiled here, into `patterns`, and never while rules are judged.
 */
export function restrict(root: ASTNode, patterns: Map<string, RE2JS>): Fault | undefined {
  for (const node of nodesOf(root)) {
    const fault = checkCall(node) ?? checkNesting(node) ?? useLinearMatch(node, patterns);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function checkCall(node: ASTNode): Fault | undefined {
  if (node.op !== 'call' && node.op !== 'rcall') return undefined;
  const [name] = node.args;
  const known = node.op === 'call' ? functions : methods;
  if (known.has(name)) return undefined;
  const kind = node.op === 'call' ? 'function' : 'method';
  return { offset: node.pos, message: `unknown ${kind} "${name}"; rules have ${[...known].join(', ')}` };
}

/** A loop in a loop would cost the product of two sizes that others choose (labels). */
function checkNesting(node: ASTNode): Fault | undefined {
  if (!isComprehension(node) || node.op !== 'rcall') return undefined;
  const inner = node.args[2].flatMap((body) => [...nodesOf(body)]).find(isComprehension);
  return inner && { offset: inner.start, message: 'all, exists, exists_one and filter cannot stand in one another' };
}

function isComprehension(node: ASTNode): boolean {
  return node.op === 'rcall' && comprehensions.has(node.args[0]);
}

/** Bounds on patterns: their compiled size, and the time to compile them, is their length times their counts. */
const MAX_PATTERN_CHARS = 256;
const MAX_REPETITIONS = 200;
const MAX_PATTERNS = 50;

function useLinearMatch(node: ASTNode, patterns: Map<string, RE2JS>): Fault | undefined {
  if (node.op !== 'rcall' || node.args[0] !== 'matches') return undefined;
  const pattern = node.args[2][0];
  if (pattern === undefined) return undefined;
  if (pattern.op !== 'value' || typeof pattern.args !== 'string') {
    return { offset: pattern.start, message: 'the pattern of matches must be a string literal' };
  }
  const message = addPattern(pattern.args, patterns);
  if (message !== undefined) return { offset: pattern.start, message };
  node.args[0] = LINEAR_MATCH;
  return undefined;
}

/** What is wrong with a pattern, if anything is. */
function addPattern(pattern: string, patterns: Map<string, RE2JS>): string | undefined {
  if (patterns.has(pattern)) return undefined;
  if (patterns.size >= MAX_PATTERNS) return `a policy may have ${MAX_PATTERNS} patterns`;
  const counts = [...pattern.matchAll(/\{(\d*),?(\d*)\}/g)].map(([, least, most]) =>
    Math.max(Number(least), Number(most), 1),
  );
  const repetitions = counts.reduce((product, count) => product * count, 1);
  if (pattern.length > MAX_PATTERN_CHARS || repetitions > MAX_REPETITIONS) {
    return `a pattern may have ${MAX_PATTERN_CHARS} characters, and counts {n} whose product is ${MAX_REPETITIONS}`;
  }
  try {
    patterns.set(pattern, RE2JS.compile(pattern));
    return undefined;
  } catch (error) {
    return `bad pattern: ${error instanceof Error ? error.message : 'refused'}`;
  }
}
