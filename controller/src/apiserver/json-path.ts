import { FoghornError } from '../errors.ts';
import { isRecord, own } from './json.ts';

type Step = (values: readonly unknown[]) => readonly unknown[];

/** Longest path that is read, and most values that one step may yield. */
const MAX_PATH_CHARACTERS = 1024;
const MAX_MATCHES = 100;

/**
 * Reads the simple JSON paths of printer columns: `.a.b`, `['a.b']`, `[0]`, `[*]` and `[?(@.type=="Ready")]`. The function
 * returned gives the first match, or undefined. Throws InvalidConfig for anything else.
 */
export function compileJsonPath(path: string): (object: unknown) => unknown {
  if (path.length > MAX_PATH_CHARACTERS) throw unreadable(path.slice(0, MAX_PATH_CHARACTERS));
  const steps: Step[] = [];
  let rest = path.replace(/^\$/, '');
  while (rest !== '') {
    const found = nextStep(rest);
    if (found === undefined) throw unreadable(path);
    steps.push(found.step);
    rest = rest.slice(found.length);
  }
  return (object) =>
    steps.reduce<readonly unknown[]>((values, step) => step(values).slice(0, MAX_MATCHES), [object])[0];
}

const field = /^\.?\['((?:[^'\\]|\\.)*)'\]|^\.((?:[^.[\]\\]|\\.)+)/;
const index = /^\[(-?\d+|\*)\]/;
const filter = /^\[\?\(\s*@\.([\w.-]+)\s*(==|!=)\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+))\s*\)\]/;

function nextStep(text: string): { readonly step: Step; readonly length: number } | undefined {
  const named = field.exec(text);
  if (named !== null) {
    const key = (named[1] ?? named[2] ?? '').replaceAll(/\\(.)/g, '$1');
    return { step: (values) => values.flatMap((value) => fieldOf(value, key)), length: named[0].length };
  }
  const indexed = index.exec(text);
  if (indexed !== null) return { step: itemStep(indexed[1] ?? '*'), length: indexed[0].length };
  const filtered = filter.exec(text);
  if (filtered === null) return undefined;
  const [whole, path = '', operator, double, single, bare] = filtered;
  const wanted = double ?? single ?? bare ?? '';
  const holds = (item: unknown): boolean => {
    const found = path.split('.').reduce<unknown>((value, key) => fieldOf(value, key)[0], item);
    return (isScalar(found) && String(found) === wanted) === (operator === '==');
  };
  return { step: (values) => values.flatMap(itemsOf).filter(holds), length: whole.length };
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function itemStep(place: string): Step {
  if (place === '*') return (values) => values.flatMap(itemsOf);
  return (values) =>
    values.flatMap((value) => {
      const item: unknown = Array.isArray(value) ? value.at(Number(place)) : undefined;
      return item === undefined ? [] : [item];
    });
}

function fieldOf(value: unknown, key: string): readonly unknown[] {
  const found = isRecord(value) ? own(value, key) : undefined;
  return found === undefined ? [] : [found];
}

function itemsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isRecord(value) ? Object.values(value) : [];
}

function unreadable(path: string): FoghornError {
  return new FoghornError('InvalidConfig', `not a JSON path of a printer column: ${path}`);
}
