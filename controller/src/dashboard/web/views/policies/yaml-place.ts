/** Where the cursor stands in a YAML text that may be half written. `[]` in a path is an item of a list. */
export interface YamlPlace {
  /** Of the mapping (for a key) or of the value itself. */
  readonly path: readonly string[];
  readonly wants: 'key' | 'value' | 'item';
  /** What has been typed of it. */
  readonly typed: string;
  /** Offset in the text where that begins. */
  readonly from: number;
  /** Column at which the fields of this mapping begin. */
  readonly column: number;
  /** Fields that the mapping has already. */
  readonly taken: readonly string[];
  /** Between braces on one line. */
  readonly inFlow: boolean;
}

interface Line {
  /** Columns of the dashes that begin it. */
  readonly dashes: readonly number[];
  /** Column of what follows them. */
  readonly column: number;
  /** What follows them, without a comment. */
  readonly body: string;
  readonly key: string | undefined;
  readonly value: string;
}

const KEY = /^(?:"([^"]*)"|'([^']*)'|([^\s#'"[\]{},&*!|>%@`-][^#]*?|-[^\s#:][^#]*?))\s*:(?:\s+(.*)|$)/;
/** A text block, or a list or mapping in one line: nothing below it is a field. */
const TEXT_BLOCK = /^[|>][-+0-9]*\s*$/;

/** Undefined where nothing can be proposed: in a comment, a text block or a quoted text. */
export function yamlPlace(text: string, offset: number): YamlPlace | undefined {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(lineStart, offset);
  if (/(^|\s)#/.test(before)) return undefined;
  const above = documentAbove(text.slice(0, lineStart));
  const line = parseLine(before);
  const ancestors = ancestorsOf(above, line);
  if (ancestors === undefined) return undefined;
  const below = text.slice(offset).split('\n').slice(1).map(parseLine);
  const flow = line.body.lastIndexOf('{') > line.body.lastIndexOf('}') ? flowPlace(line, ancestors, offset) : undefined;
  if (flow !== undefined) return flow;
  const base = { column: line.column, inFlow: false };
  if (line.key !== undefined) {
    if (/^["']/.test(line.value)) return undefined;
    return {
      ...base,
      path: [...ancestors, line.key],
      wants: 'value',
      typed: line.value,
      from: offset - line.value.length,
      taken: [],
    };
  }
  return {
    ...base,
    path: ancestors,
    wants: line.dashes.length > 0 ? 'item' : 'key',
    typed: line.body,
    from: offset - line.body.length,
    taken: siblings(above, below, line),
  };
}

/** The lines of the document that the cursor is in, nearest first. */
function documentAbove(text: string): readonly Line[] {
  const lines = text.split('\n').slice(0, -1);
  const start = lines.findLastIndex((line) => /^---(\s|$)/.test(line)) + 1;
  return lines.slice(start).map(parseLine).toReversed();
}

function parseLine(text: string): Line {
  const dashes: number[] = [];
  let column = /^ */.exec(text)?.[0].length ?? 0;
  for (let match = /^- +|^-$/.exec(text.slice(column)); match !== null; match = /^- +|^-$/.exec(text.slice(column))) {
    dashes.push(column);
    column += match[0].length;
  }
  const body = text.slice(column).replace(/(^|\s)#.*$/, '');
  const match = KEY.exec(body);
  return { dashes, column, body, key: match?.[1] ?? match?.[2] ?? match?.[3], value: match?.[4] ?? '' };
}

function isBlank(line: Line): boolean {
  return line.body.trim() === '' && line.dashes.length === 0;
}

/** The names above the line, outermost first; undefined inside a text block. */
function ancestorsOf(above: readonly Line[], line: Line): readonly string[] | undefined {
  const path: string[] = line.dashes.map(() => '[]');
  let limit = line.dashes[0] ?? line.column;
  for (const other of above) {
    if (isBlank(other)) continue;
    if (isParent(other, limit, path[0] === '[]')) {
      if (TEXT_BLOCK.test(other.value)) return undefined;
      path.unshift(other.key);
      limit = other.column;
    }
    const outer = other.dashes.filter((dash) => dash < limit);
    path.unshift(...outer.map(() => '[]'));
    limit = outer[0] ?? limit;
    if (limit === 0 && path[0] !== '[]') break;
  }
  return path;
}

/** The dashes of a list may stand right below the name of the list. */
function isParent(line: Line, limit: number, isOfItem: boolean): line is Line & { readonly key: string } {
  const isListName = isOfItem && line.dashes.length === 0 && line.column === limit;
  return line.key !== undefined && (line.column < limit || isListName);
}

/** Names of the same mapping, above and below. */
function siblings(above: readonly Line[], below: readonly Line[], line: Line): readonly string[] {
  const isFirstOfItem = line.dashes.length > 0;
  return [...namesAt(isFirstOfItem ? [] : above, line.column, 'above'), ...namesAt(below, line.column, 'below')];
}

function namesAt(lines: readonly Line[], column: number, side: 'above' | 'below'): readonly string[] {
  const names: string[] = [];
  for (const line of lines) {
    if (isBlank(line)) continue;
    if (line.column < column) break;
    const startsItem = line.column === column && line.dashes.length > 0;
    if (startsItem && side === 'below') break;
    if (line.column === column && line.key !== undefined) names.push(line.key);
    if (startsItem) break;
  }
  return names;
}

/** `http: { url: x, |`: the braces of one line. */
function flowPlace(line: Line, ancestors: readonly string[], offset: number): YamlPlace | undefined {
  const path = [...ancestors];
  let rest = line.body;
  for (let open = rest.indexOf('{'); open >= 0; open = rest.indexOf('{')) {
    const name = /([\w.-]+)\s*:\s*$/.exec(rest.slice(0, open))?.[1];
    if (name !== undefined) path.push(name);
    rest = rest.slice(open + 1).replaceAll(/\{[^{}]*\}/g, '');
  }
  const parts = rest.split(',');
  const last = parts.at(-1)?.trimStart() ?? '';
  const pair = /^([\w.-]+)\s*:\s+(.*)$/.exec(last);
  const taken = parts.slice(0, -1).flatMap((part) => /^\s*([\w.-]+)\s*:/.exec(part)?.[1] ?? []);
  const typed = pair === null ? last : (pair[2] ?? '');
  if (/["':[]/.test(typed)) return undefined;
  const shared = { typed, from: offset - typed.length, column: line.column, taken, inFlow: true };
  if (pair === null) return { ...shared, path, wants: 'key' };
  return { ...shared, path: [...path, pair[1] ?? ''], wants: 'value' };
}
