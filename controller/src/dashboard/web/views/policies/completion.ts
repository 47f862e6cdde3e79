import { schemaAt, type Schema } from './schema.ts';
import { yamlPlace, type YamlPlace } from './yaml-place.ts';

export interface Proposal {
  readonly label: string;
  /** `string`, `object`, `one of 3` ... */
  readonly detail: string;
  readonly description: string;
  readonly required: boolean;
  /** Replaces the text from `from` to the cursor. */
  readonly insert: string;
}

export interface Completion {
  /** Offset of what is replaced. */
  readonly from: number;
  readonly proposals: readonly Proposal[];
}

const MAX_PROPOSALS = 20;

/** What may stand at the cursor; undefined when there is nothing to propose. */
export function complete(schema: Schema, text: string, offset: number): Completion | undefined {
  const place = yamlPlace(text, offset);
  if (place === undefined) return undefined;
  const proposals = proposalsAt(schema, place)
    .filter(({ label }) => label.toLowerCase().includes(place.typed.trim().toLowerCase()))
    .sort((a, b) => rank(a, place) - rank(b, place))
    .slice(0, MAX_PROPOSALS);
  const isDone = proposals.length === 1 && proposals[0]?.insert === place.typed;
  return proposals.length === 0 || isDone ? undefined : { from: place.from, proposals };
}

/** What begins with the typed text first, then what must be given; else in the order of the schema. */
function rank({ label, required }: Proposal, { typed }: YamlPlace): number {
  return (label.startsWith(typed) ? 0 : 2) + (required ? 0 : 1);
}

function proposalsAt(root: Schema, place: YamlPlace): readonly Proposal[] {
  const schema = schemaAt(root, place.path);
  if (schema === undefined) return [];
  const isObject = Object.keys(schema.properties).length > 0;
  if (place.wants === 'value' || (place.wants === 'item' && !isObject)) return values(schema);
  return Object.entries(schema.properties)
    .filter(([name]) => !place.taken.includes(name))
    .map(([name, property]) => ({
      label: name,
      detail: kindOf(property),
      description: property.description,
      required: schema.required.includes(name),
      insert: `${name}:${place.inFlow ? ' ' : opening(property, place.column)}`,
    }));
}

function values(schema: Schema): readonly Proposal[] {
  const known = schema.type === 'boolean' ? ['true', 'false'] : schema.values;
  const all = known.length === 0 && schema.fallback !== undefined ? [schema.fallback] : known;
  return all.map((label) => ({
    label,
    detail: label === schema.fallback ? 'default' : 'value',
    description: schema.description,
    required: false,
    insert: label,
  }));
}

/** What follows a field's name: its value on the line, or the start of what is below it. */
function opening({ type, properties, items }: Schema, column: number): string {
  const below = `\n${' '.repeat(column + 2)}`;
  if (type === 'array' && items !== undefined) return `${below}- `;
  if (type === 'object' && Object.keys(properties).length > 0) return below;
  return ' ';
}

function kindOf({ type, values: known, items, fallback, isInteger }: Schema): string {
  const kind = known.length > 0 ? known.join(' | ') : isInteger ? 'integer' : (type ?? 'any');
  const whole = type === 'array' ? `list of ${items?.type ?? 'any'}` : kind;
  return fallback === undefined ? whole : `${whole}, default ${fallback}`;
}

/** What Enter puts in: the line break and the indentation that the next line has most likely. */
export function lineBreak(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const indent = /^ */.exec(line)?.[0].length ?? 0;
  const rest = line.slice(indent);
  const dash = /^(?:- +)*/.exec(rest)?.[0].length ?? 0;
  if (rest.trim() === '') return `\n${' '.repeat(indent)}`;
  const opens = /:\s*(?:[|>][-+]?)?\s*$/.test(rest) ? 2 : 0;
  return `\n${' '.repeat(indent + dash + opens)}`;
}
