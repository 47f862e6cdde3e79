/** What a filter can ask about. */
export interface Filterable {
  readonly name: string;
  readonly host: string;
  readonly namespace: string;
  readonly image: string;
  readonly severity: string;
  readonly state: string;
  readonly health: string;
  readonly policies: readonly string[];
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

export interface Filter {
  matches(row: Filterable): boolean;
  readonly isEmpty: boolean;
  /** What in the text cannot mean anything, for people. */
  readonly problems: readonly string[];
}

const fields = {
  sev: 'severity',
  severity: 'severity',
  host: 'host',
  project: 'namespace',
  namespace: 'namespace',
  ns: 'namespace',
  label: 'label',
  state: 'state',
  health: 'health',
  image: 'image',
  policy: 'policy',
  name: 'name',
} as const;
type Field = (typeof fields)[keyof typeof fields];

const severityWords = ['critical', 'warning', 'info', 'ok', 'unknown'];

interface Term {
  readonly field: Field | undefined;
  readonly values: readonly string[];
  readonly isNegated: boolean;
}

/**
 * `sev:critical,warning host:nas label:tier=db -state:exited "a name"`: all terms must hold, of the values of one
 * term one. A plain word is looked for in name, project, host and image. `*` stands for anything, `-` negates.
 */
export function parseFilter(text: string): Filter {
  const terms = tokens(text.slice(0, MAX_TEXT))
    .map(readTerm)
    .filter(({ values }) => values.length > 0);
  const tests = terms.map(termTest);
  return {
    isEmpty: terms.length === 0,
    problems: terms.flatMap(problemsOf),
    matches: (row) => tests.every((test) => test(row)),
  };
}

/** Longer ones are not typed. */
const MAX_TEXT = 1000;

/** Split at spaces; quotes hold together: `label:"a=b c"`. */
function tokens(text: string): readonly string[] {
  return [...text.matchAll(/(?:[^\s"]|"[^"]*"?)+/g)].map(([token]) => token.replaceAll('"', ''));
}

function readTerm(token: string): Term {
  const isNegated = token.length > 1 && /^[-!]/.test(token);
  const plain = isNegated ? token.slice(1) : token;
  const match = /^(\w+):(.*)$/s.exec(plain);
  const field = match?.[1] === undefined ? undefined : fieldOf(match[1].toLowerCase());
  if (match === null || field === undefined) return { field: undefined, values: [plain.toLowerCase()], isNegated };
  const values = (match[2] ?? '').toLowerCase().split(',');
  return { field, values: values.filter((value) => value !== ''), isNegated };
}

function fieldOf(word: string): Field | undefined {
  return Object.hasOwn(fields, word) ? fields[word as keyof typeof fields] : undefined;
}

function termTest({ field, values, isNegated }: Term): (row: Filterable) => boolean {
  const tests = values.map((value) => valueTest(field, value));
  return (row) => tests.some((test) => test(row)) !== isNegated;
}

function valueTest(field: Field | undefined, value: string): (row: Filterable) => boolean {
  const has = textTest(value);
  switch (field) {
    case undefined:
      return ({ name, namespace, host, image }) => has(name) || has(namespace) || has(host) || has(image);
    case 'severity':
      return ({ severity }) => severity.startsWith(value);
    case 'label':
      return labelTest(value);
    case 'policy':
      return ({ policies }) => policies.some(has);
    default:
      return (row) => has(row[field]);
  }
}

/** `tier` asks whether there is such a label, `tier=db` for its value. */
function labelTest(text: string): (row: Filterable) => boolean {
  const at = text.indexOf('=');
  const hasName = wholeTest(at < 0 ? text : text.slice(0, at));
  const hasValue = at < 0 ? undefined : wholeTest(text.slice(at + 1));
  return ({ labels = {} }) =>
    Object.entries(labels).some(([name, value]) => hasName(name) && (hasValue === undefined || hasValue(value)));
}

/** Anywhere in the text; with `*` all of it. */
function textTest(value: string): (text: string) => boolean {
  return value.includes('*') ? wholeTest(value) : (text) => text.toLowerCase().includes(value);
}

/** Without a regular expression, whose backtracking a long hostile name could make slow. */
function wholeTest(pattern: string): (text: string) => boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return (text) => text.toLowerCase() === first;
  const last = rest.at(-1) ?? '';
  const middle = rest.slice(0, -1);
  return (text) => {
    const whole = text.toLowerCase();
    if (!whole.startsWith(first) || !whole.endsWith(last) || whole.length < first.length + last.length) return false;
    const inner = whole.slice(first.length, whole.length - last.length);
    let from = 0;
    return middle.every((part) => {
      const at = inner.indexOf(part, from);
      from = at + part.length;
      return at >= 0;
    });
  };
}

function problemsOf({ field, values }: Term): readonly string[] {
  if (field !== 'severity') return [];
  return values
    .filter((value) => !severityWords.some((word) => word.startsWith(value)))
    .map((value) => `no severity is called "${value}": ${severityWords.join(', ')}`);
}
