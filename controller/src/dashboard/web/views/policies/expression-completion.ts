import type { Completion } from './completion.ts';

/** A name that expressions may use, as the controller tells it; `*` in it stands for any name. */
export interface ExpressionName {
  readonly name: string;
  readonly type: string;
}

/** Reads the names out of the answer of `api/schema`; what it does not know it leaves out. */
export function decodeNames(answer: unknown): readonly ExpressionName[] {
  const { 'x-foghorn-expression-names': listed } = (answer ?? {}) as { 'x-foghorn-expression-names'?: unknown };
  const items: readonly unknown[] = Array.isArray(listed) ? listed : [];
  return items.flatMap((item) => {
    const { name, type } = (item ?? {}) as { name?: unknown; type?: unknown };
    return typeof name === 'string' && typeof type === 'string' ? [{ name, type }] : [];
  });
}

/** The line up to the cursor when it is in an expression, with what opens the expression and what is typed of it. */
const IN_EXPRESSION = /(?:^|[\s{,-])expr:\s+(?:'(?:[^']|'')*|"(?:[^"\\]|\\.)*|[^'"#\s][^#]*)?$/;
/** A text in the expression, or what follows it, is none of our names. */
const WORD = /(?:^|[^\w.*"])([A-Za-z_][\w.]*)?$/;
const MAX_PROPOSALS = 20;

/** Names that may stand at the cursor in the expression of a rule; undefined outside of one. */
export function completeExpression(
  names: readonly ExpressionName[],
  text: string,
  offset: number,
): Completion | undefined {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  if (!IN_EXPRESSION.test(line)) return undefined;
  const word = WORD.exec(line);
  if (word === null) return undefined;
  const typed = word[1] ?? '';
  const found = names.flatMap((one) => proposed(one, typed)).slice(0, MAX_PROPOSALS);
  const isDone = found.length === 1 && found[0]?.insert === typed;
  return found.length === 0 || isDone ? undefined : { from: offset - typed.length, proposals: found };
}

/** The name with the names of probes that are typed already; fields are proposed once their object is. */
function proposed({ name, type }: ExpressionName, typed: string): Completion['proposals'] {
  const wanted = typed.split('.');
  const parts = name.split('.');
  const isBehind = wanted.every((part, index) => {
    const own = parts[index];
    if (own === undefined) return false;
    if (own === '*') return true;
    return index === wanted.length - 1 ? own.toLowerCase().startsWith(part.toLowerCase()) : own === part;
  });
  if (!isBehind) return [];
  const insert = parts.map((own, index) => (own === '*' ? wanted[index] || 'NAME' : own)).join('.');
  return [{ label: insert, detail: type, description: '', required: false, insert }];
}
