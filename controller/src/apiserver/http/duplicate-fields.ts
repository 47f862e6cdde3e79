/** Duplicates told of one body. */
const MAX_DUPLICATES = 100;

interface Level {
  /** Path of the object or list, as `spec.rules[0]`. */
  readonly path: string;
  /** Of an object: its fields so far. */
  readonly keys: Set<string> | undefined;
  /** Of a list: how many items were begun. */
  index: number;
  /** The field whose value comes next. */
  key: string | undefined;
}

/**
 * Paths of fields that a JSON text gives more than once, of which JSON.parse keeps the last without a word:
 * `spec.interval`. The text is one that JSON.parse accepts.
 */
export function duplicateFields(text: string): readonly string[] {
  const found = new Set<string>();
  const levels: Level[] = [];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g)) {
    const level = levels.at(-1);
    if (token === '{' || token === '[') {
      levels.push({ path: pathOf(level), keys: token === '{' ? new Set() : undefined, index: 0, key: undefined });
    } else if (token === '}' || token === ']') levels.pop();
    else if (level !== undefined) step(level, token, found);
    if (found.size >= MAX_DUPLICATES) break;
  }
  return [...found];
}

function step(level: Level, token: string, found: Set<string>): void {
  if (token === ',') {
    level.index += 1;
    level.key = undefined;
  } else if (token !== ':' && level.keys !== undefined && level.key === undefined) {
    const key = String(JSON.parse(token));
    level.key = key;
    if (level.keys.has(key)) found.add(level.path === '' ? key : `${level.path}.${key}`);
    level.keys.add(key);
  }
}

/** Where a value that begins now stands. */
function pathOf(level: Level | undefined): string {
  if (level === undefined) return '';
  if (level.keys === undefined) return `${level.path}[${level.index}]`;
  const key = level.key ?? '';
  return level.path === '' ? key : `${level.path}.${key}`;
}
