/** HTML that is safe by construction: every string put into the template is escaped, only Markup goes in as it is. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | Markup | readonly Markup[];

export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const markup = strings.map((literal, index) => withoutIndent(literal) + toMarkup(parts[index] ?? '')).join('');
  return { markup };
}

/** The template's own indentation is for its reader, not for the mail's size. */
function withoutIndent(literal: string): string {
  return literal.replaceAll(/\n\s+/g, '\n');
}

export const nothing: Markup = { markup: '' };

function toMarkup(part: Part): string {
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return escapeHtml(part);
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For text and for quoted attributes. */
function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}
