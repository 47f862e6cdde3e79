import type { Fault } from './syntax.ts';
import type { RuleEnvironment } from './environment.ts';
import { compileExpression, type Expression, type Variables } from './expression.ts';
import { describePlain } from './words.ts';

/** Text with `{{ CEL }}` in it. */
export interface Template {
  readonly parts: readonly (string | Expression)[];
}

/** A message longer than this helps nobody. */
const MAX_RENDERED_CHARS = 1000;
const renderable: ReadonlySet<string> = new Set(['string', 'double', 'int', 'bool']);

/** Offsets of faults are into the whole template. */
export function compileTemplate(source: string, environment: RuleEnvironment): Template | Fault {
  const parts: (string | Expression)[] = [];
  let from = 0;
  for (let open = source.indexOf('{{'); open >= 0; open = source.indexOf('{{', from)) {
    const close = endOfExpression(source, open + 2);
    if (close < 0) return { offset: open, message: '"{{" without "}}"' };
    const part = compilePart(source.slice(open + 2, close), environment);
    if ('offset' in part) return { ...part, offset: part.offset + open + 2 };
    parts.push(source.slice(from, open), part);
    from = close + 2;
  }
  parts.push(source.slice(from));
  return { parts: parts.filter((part) => part !== '') };
}

function compilePart(source: string, environment: RuleEnvironment): Expression | Fault {
  const expression = compileExpression(source, environment);
  if ('offset' in expression || renderable.has(expression.type)) return expression;
  return { offset: 0, message: `a text can hold a string, number or bool, not ${expression.type}` };
}

/** Where the `}}` stands that is not inside a string literal; -1 when there is none. */
function endOfExpression(source: string, from: number): number {
  let quote = '';
  for (let at = from; at < source.length; at += 1) {
    const char = source[at] ?? '';
    if (quote !== '') {
      if (char === '\\') at += 1;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (source.startsWith('}}', at)) return at;
  }
  return -1;
}

/** The text in one line; undefined when a value in it is missing. */
export function renderTemplate(template: Template, variables: Variables): string | undefined {
  const texts: string[] = [];
  for (const part of template.parts) {
    if (typeof part === 'string') {
      texts.push(part);
      continue;
    }
    const outcome = part.evaluate(variables);
    if (outcome.kind !== 'value') return undefined;
    texts.push(describePlain(outcome.value));
  }
  return toOneLine(texts.join(''));
}

/** Outside text (labels, errors of a probe) must not bring line breaks or terminal codes into a message. */
export function toOneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
  return line.length > MAX_RENDERED_CHARS ? `${line.slice(0, MAX_RENDERED_CHARS - 1)}…` : line;
}
