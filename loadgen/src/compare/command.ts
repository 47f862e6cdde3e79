/** `foghorn-load compare BASE OTHER [...]`. */
import { parseArgs } from 'node:util';
import { InputError } from '../input-error.ts';
import type { Report } from '../report.ts';
import { compareReports, type Comparison } from './compare.ts';
import { readReport } from './read-report.ts';
import { tableOf } from './table.ts';

export const COMPARE_HELP = `foghorn-load compare says what differs between runs beyond chance.

Usage: foghorn-load compare [options] BASE OTHER [OTHER ...]

  Files are reports (--output run.json) or the lines of a run (foghorn-load > run.ndjson).
  Each OTHER is compared with BASE: percentiles of latency and service time, answers a second, errors.
  Runs are cut into batches of equal time; a verdict needs at least 5 of 200 requests each, 1 s or longer.
  That any verdict of a table is mere chance has a probability of 1 % at most, as far as the runs
  differ by nothing else: a busier machine is a difference too.

  --fail-if-slower PART   exit code 4 when a percentile of latency is slower, as shown, by more than so
                          much (5%), or when more errors are shown
  --json                  the comparisons as JSON, one a line
  --help
`;

const OPTIONS = {
  'fail-if-slower': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;
const MAX_FILES = 20;

export interface Compared {
  readonly text: string;
  /** By --fail-if-slower. */
  readonly hasFailed: boolean;
}

/**
 * @param args behind `compare`
 * @throws InputError
 */
export function runCompare(args: readonly string[]): Compared {
  const { values, positionals } = parse(args);
  if (values.help === true) return { text: COMPARE_HELP, hasFailed: false };
  const limit = values['fail-if-slower'] === undefined ? undefined : parsePart(values['fail-if-slower']);
  const [base, ...others] = positionals;
  if (base === undefined || others.length === 0 || positionals.length > MAX_FILES) {
    throw new InputError(`compare takes two reports or more, at most ${MAX_FILES}: compare BASE.json OTHER.json`);
  }
  const baseReport = readReport(base);
  const compared = others.map((other) => ({ other, comparison: compare(baseReport, readReport(other)) }));
  const texts = compared.map(({ other, comparison }) =>
    values.json === true ? `${JSON.stringify({ base, other, ...comparison })}\n` : tableOf(comparison, { base, other }),
  );
  const hasFailed = limit !== undefined && compared.some(({ comparison }) => isSlower(comparison, limit));
  return { text: texts.join(values.json === true ? '' : '\n'), hasFailed };
}

function compare(base: Report, other: Report): Comparison {
  try {
    return compareReports(base, other);
  } catch (error) {
    throw new InputError('a histogram of a report is damaged', { cause: error });
  }
}

/** A slowdown of chance does not count, however large it looks. */
function isSlower({ lines }: Comparison, limit: number): boolean {
  return lines.some(({ kind, verdict, base, other }) => {
    if (verdict !== 'worse') return false;
    return kind === 'errors' || (kind === 'latency' && other > base * (1 + limit));
  });
}

function parse(
  args: readonly string[],
): ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>> {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(reason.split(/\. |\n/)[0] ?? reason, { cause: error });
  }
}

function parsePart(text: string): number {
  const [, amount] = /^(\d{1,4}(?:\.\d+)?)%$/.exec(text) ?? [];
  if (amount === undefined) throw new InputError(`--fail-if-slower ${JSON.stringify(text)} is not a part: write 5%`);
  return Number(amount) / 100;
}
