import type { KubeObject } from '../kube/client.ts';
import { badRequest } from '../kube/status.ts';
import { isRecord, own } from './json.ts';
import { labelValueFaults, qualifiedNameFaults } from './names.ts';

/** Whether an object is asked for. */
export type ObjectFilter = (object: KubeObject) => boolean;

type Labels = Readonly<Record<string, string>>;
type Requirement = (labels: Labels) => boolean;

/** Longest selector that is read. */
const MAX_SELECTOR_CHARACTERS = 8192;

const everything: ObjectFilter = () => true;

/**
 * Reads a label selector: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b,c)`, `a`, `!a`, `a>1`, `a<1`, joined by commas.
 * Throws BadRequest, worded as a Kubernetes API server does.
 */
export function parseLabelSelector(text: string | undefined): ObjectFilter {
  if (text === undefined || text.trim() === '') return everything;
  if (text.length > MAX_SELECTOR_CHARACTERS) throw badRequest(`selector is longer than ${MAX_SELECTOR_CHARACTERS}`);
  const requirements = createParser(tokenize(text)).all();
  return (object) => {
    const labels = object.metadata.labels ?? {};
    return requirements.every((holds) => holds(labels));
  };
}

function tokenize(text: string): readonly string[] {
  return text.match(/==|!=|notin(?=[\s(])|[=!<>(),]|[^\s=!<>(),]+/g) ?? [];
}

const symbols: ReadonlySet<string> = new Set(['==', '!=', '=', '!', '<', '>', '(', ')', ',']);

function createParser(tokens: readonly string[]) {
  let at = 0;
  const peek = (): string => tokens[at] ?? '';
  const next = (): string => tokens[at++] ?? '';
  const key = (): string => {
    const found = next();
    if (found === '' || symbols.has(found)) throw unexpected(found, "!, identifier, or 'end of string'");
    const fault = qualifiedNameFaults(found)[0];
    if (fault !== undefined) throw badRequest(`key: Invalid value: ${JSON.stringify(found)}: ${fault}`);
    return found;
  };
  const value = (): string => {
    const found = peek() === '' || symbols.has(peek()) ? '' : next();
    const fault = labelValueFaults(found)[0];
    if (fault !== undefined) throw badRequest(`values[0]: Invalid value: ${JSON.stringify(found)}: ${fault}`);
    return found;
  };
  const values = (): ReadonlySet<string> => {
    if (peek() !== '(') throw unexpected(peek(), "'('");
    next();
    const found = new Set([value()]);
    while (peek() === ',') {
      next();
      found.add(value());
    }
    if (peek() !== ')') throw unexpected(peek(), "',' or ')'");
    next();
    return found;
  };
  const number = (): number => {
    const found = next();
    if (!/^-?\d+$/.test(found))
      throw badRequest(`values[0]: Invalid value: "${found}": for 'Gt', 'Lt' operators, the value must be an integer`);
    return Number(found);
  };
  const requirement = (): Requirement => {
    if (peek() === '!') {
      next();
      return absent(key());
    }
    const name = key();
    if (peek() === '' || peek() === ',') return present(name);
    return operation(name, next(), { value, values, number });
  };
  return {
    all(): readonly Requirement[] {
      const found = [requirement()];
      while (at < tokens.length) {
        const separator = next();
        if (separator !== ',') throw unexpected(separator, "',' or 'end of string'");
        found.push(requirement());
      }
      return found;
    },
  };
}

function unexpected(found: string, expected: string): Error {
  return badRequest(`found '${found}', expected: ${expected}`);
}

interface Operands {
  readonly value: () => string;
  readonly values: () => ReadonlySet<string>;
  readonly number: () => number;
}

function operation(name: string, operator: string, read: Operands): Requirement {
  switch (operator) {
    case '=':
    case '==':
      return among(name, new Set([read.value()]));
    case '!=':
      return not(among(name, new Set([read.value()])));
    case 'in':
      return among(name, read.values());
    case 'notin':
      return not(among(name, read.values()));
    case '>':
    case '<': {
      const limit = read.number();
      return (labels) => compares(labels, name, (given) => (operator === '>' ? given > limit : given < limit));
    }
    default:
      throw unexpected(operator, 'in, notin, =, ==, !=, gt, lt');
  }
}

function present(name: string): Requirement {
  return (labels) => Object.hasOwn(labels, name);
}

function absent(name: string): Requirement {
  return not(present(name));
}

function among(name: string, values: ReadonlySet<string>): Requirement {
  return (labels) => Object.hasOwn(labels, name) && values.has(labels[name] ?? '');
}

function not(holds: Requirement): Requirement {
  return (labels) => !holds(labels);
}

function compares(labels: Labels, name: string, holds: (given: number) => boolean): boolean {
  const given = Object.hasOwn(labels, name) ? (labels[name] ?? '') : '';
  return /^-?\d+$/.test(given) && holds(Number(given));
}

/**
 * Reads a field selector: `metadata.name=x,spec.policy!=y`. `selectable` names the fields of the kind besides name and
 * namespace. Throws BadRequest.
 */
export function parseFieldSelector(text: string | undefined, selectable: readonly string[]): ObjectFilter {
  if (text === undefined || text.trim() === '') return everything;
  if (text.length > MAX_SELECTOR_CHARACTERS) throw badRequest(`selector is longer than ${MAX_SELECTOR_CHARACTERS}`);
  const terms = text
    .split(',')
    .filter((term) => term.trim() !== '')
    .map((term) => parseTerm(term, selectable));
  return (object) => terms.every((holds) => holds(object));
}

function parseTerm(term: string, selectable: readonly string[]): ObjectFilter {
  const parts = /^([^=!]+)(==|!=|=)(.*)$/.exec(term.trim());
  if (parts === null) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
  const [, path = '', operator, wanted] = parts;
  if (path !== 'metadata.name' && path !== 'metadata.namespace' && !selectable.includes(path)) {
    throw badRequest(`field label not supported: ${path}`);
  }
  return (object) => (fieldText(object, path) === wanted) === (operator !== '!=');
}

function fieldText(object: KubeObject, path: string): string {
  const found = path
    .split('.')
    .reduce<unknown>((value, key) => (isRecord(value) ? own(value, key) : undefined), object);
  return typeof found === 'string' || typeof found === 'boolean' || typeof found === 'number' ? String(found) : '';
}
