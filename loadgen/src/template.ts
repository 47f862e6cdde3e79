/**
 * Texts with placeholders, `/orders/{{seq}}`, compiled once to a function of the request's number. A text without any stays a
 * string, so that requests without templates cost nothing. `\{{` stands for two braces.
 */
import { InputError } from './input-error.ts';
import { PLACEHOLDERS, type Template, type TemplateSources } from './placeholder.ts';

/** Where a text stands: it decides what a value may be, and how it is written there. */
export interface TemplatePlace {
  /** Of the option, for messages. */
  readonly what: string;
  /** Values are percent-encoded in a path, must be one line of printable ASCII in a header, and go into a body as they are. */
  readonly kind: 'path' | 'header' | 'body';
}

/** @throws InputError with line and column, when a placeholder is not known or its value does not fit its place */
export function compileTemplate(text: string, place: TemplatePlace, sources: TemplateSources): Template {
  if (!text.includes('{{')) return text;
  const parts: Template[] = [];
  let at = 0;
  for (const { 0: whole, 1: escape, 2: content, index } of text.matchAll(/(\\)?\{\{(?:([^{}]*)\}\})?/g)) {
    parts.push(text.slice(at, index));
    const what = `${place.what}, ${wordPosition(text, index)}`;
    if (escape !== undefined) parts.push('{{');
    else parts.push(compilePlaceholder(content, { ...place, what }, sources));
    at = index + (escape === undefined ? whole.length : '\\{{'.length);
  }
  return join([...parts, text.slice(at)]);
}

export function render(template: Template, sequence: number): string {
  return typeof template === 'string' ? template : template(sequence);
}

function compilePlaceholder(content: string | undefined, place: TemplatePlace, sources: TemplateSources): Template {
  const { what, kind } = place;
  const fail = (problem: string): never => {
    throw new InputError(`${what}: ${problem}`);
  };
  if (content === undefined) return fail('{{ is not closed by }}: write \\{{ for two braces');
  const [name = '', ...args] = content.trim().split(/\s+/);
  const placeholder = Object.hasOwn(PLACEHOLDERS, name) ? PLACEHOLDERS[name] : undefined;
  if (placeholder === undefined) {
    const known = Object.values(PLACEHOLDERS).map(({ usage }) => `{{${usage}}}`);
    return fail(`{{${content}}} is not known: choose ${known.join(', ')}, or write \\{{ for two braces`);
  }
  const fit = (value: string): string => {
    if (kind === 'path') return encodeURIComponent(value);
    const fits = kind === 'body' || /^[\t\x20-\x7e]*$/.test(value);
    // The value may be a secret: it is not told.
    return fits ? value : fail(`{{${content}}} has a value that is no text for a header (one line of printable ASCII)`);
  };
  const compiled = placeholder.compile(args, { sources, what, fit, fail });
  return compiled ?? fail(`{{${content}}} is wrong: write {{${placeholder.usage}}}`);
}

function wordPosition(text: string, index: number): string {
  const before = text.slice(0, index).split('\n');
  const column = `column ${(before.at(-1) ?? '').length + 1}`;
  return text.includes('\n') ? `line ${before.length} ${column}` : column;
}

function join(parts: readonly Template[]): Template {
  const merged: Template[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (typeof part === 'string' && typeof last === 'string') merged[merged.length - 1] = last + part;
    else merged.push(part);
  }
  const [only = ''] = merged;
  if (merged.length === 1) return only;
  return (sequence) => {
    let text = '';
    for (const part of merged) text += render(part, sequence);
    return text;
  };
}
