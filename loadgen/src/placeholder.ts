/** What may stand between the braces of a template. */

/** @param sequence the number of the request */
export type Rendering = (sequence: number) => string;
export type Template = string | Rendering;

/** Where values come from. */
export interface TemplateSources {
  /** undefined: the templates come from others, who get nothing of this machine. */
  readonly env: Readonly<Record<string, string | undefined>> | undefined;
  /** Lines of a file, one at least. @throws InputError, beginning with `what` */
  lines(what: string, path: string): readonly string[];
  /** Uniform in [0, 1). */
  random(): number;
  uuid(): string;
  /** Epoch milliseconds. */
  now(): number;
}

/** The place of one placeholder. */
export interface PlaceholderContext {
  readonly sources: TemplateSources;
  /** Option, line and column, for messages. */
  readonly what: string;
  /** Writes a value from outside in the way of its place, or fails. */
  fit(value: string): string;
  fail(problem: string): never;
}

interface Placeholder {
  readonly usage: string;
  /** @returns undefined when the arguments are wrong */
  readonly compile: (args: readonly string[], context: PlaceholderContext) => Template | undefined;
}

export const PLACEHOLDERS: Readonly<Record<string, Placeholder>> = {
  seq: { usage: 'seq', compile: withoutArguments((sequence) => String(sequence)) },
  uuid: { usage: 'uuid', compile: (args, { sources }) => withoutArguments(() => sources.uuid())(args) },
  randomInt: { usage: 'randomInt MIN MAX', compile: compileRandomInt },
  now: { usage: 'now', compile: (args, { sources }) => withoutArguments(() => String(sources.now()))(args) },
  env: { usage: 'env NAME', compile: compileEnv },
  line: { usage: 'line FILE', compile: compileLine },
};

function withoutArguments(rendering: Rendering): (args: readonly string[]) => Template | undefined {
  return (args) => (args.length === 0 ? rendering : undefined);
}

/** Both bounds included. */
function compileRandomInt(args: readonly string[], { sources }: PlaceholderContext): Template | undefined {
  const [min, max] = args.map((text) => (/^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN));
  if (args.length !== 2 || min === undefined || max === undefined || !(min <= max)) return undefined;
  return () => String(min + Math.floor(sources.random() * (max - min + 1)));
}

/** The environment does not change: its value becomes part of the text. */
function compileEnv(args: readonly string[], { sources, fit, fail }: PlaceholderContext): Template | undefined {
  const [name] = args;
  if (name === undefined || args.length !== 1) return undefined;
  if (sources.env === undefined) return fail('the environment may not be used with --untrusted');
  return fit(sources.env[name] ?? fail(`the environment has no ${name}`));
}

function compileLine(args: readonly string[], { sources, what, fit }: PlaceholderContext): Template | undefined {
  const [path] = args;
  if (path === undefined || args.length !== 1) return undefined;
  const lines = sources.lines(what, path).map(fit);
  // The first request, number 1, has the first line.
  return (sequence) => lines[(sequence + lines.length - 1) % lines.length] ?? '';
}
