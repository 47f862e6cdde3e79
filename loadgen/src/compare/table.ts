/** A comparison as text. */
import { percent, time } from '../wording.ts';
import { CONFIDENCE, type ComparedLine, type Comparison, type Verdict } from './compare.ts';

const WORDS: Readonly<Record<ComparedLine['kind'], Readonly<Record<'better' | 'worse', string>>>> = {
  latency: { better: 'faster', worse: 'slower' },
  'service time': { better: 'faster', worse: 'slower' },
  rate: { better: 'more', worse: 'fewer' },
  errors: { better: 'fewer errors', worse: 'more errors' },
};

export function wordOf({ kind, verdict }: { readonly kind: ComparedLine['kind']; readonly verdict: Verdict }): string {
  return verdict === 'better' || verdict === 'worse' ? WORDS[kind][verdict] : verdict;
}

/** @param names of the files */
export function tableOf(
  { lines, warnings }: Comparison,
  names: { readonly base: string; readonly other: string },
): string {
  const head = ['', 'base', 'other', 'difference', `${CONFIDENCE * 100} % confidence`, ''];
  const rows = lines.map((line) => [
    line.name,
    show(line, line.base),
    show(line, line.other),
    difference(line),
    line.interval === undefined ? '' : `${signed(line.interval.low)} to ${signed(line.interval.high)}`,
    wordOf(line),
  ]);
  return [
    `base   ${plain(names.base)}`,
    `other  ${plain(names.other)}`,
    '',
    ...[head, ...rows].map(row),
    ...warnings.map((warning) => `!!! ${warning}`),
    '',
    conclusion(lines),
    '',
  ].join('\n');
}

function conclusion(lines: readonly ComparedLine[]): string {
  const shown = lines.filter(({ verdict }) => verdict === 'better' || verdict === 'worse');
  if (shown.length > 0) return shown.map((line) => `${wordOf(line)}: ${line.name} ${difference(line)}`).join('\n');
  return lines.some(({ verdict }) => verdict === 'too short to tell') ? 'too short to tell' : 'no difference shown';
}

function difference({ kind, base, other }: ComparedLine): string {
  if (kind === 'errors') return signed(other - base);
  return base > 0 ? signed(other / base - 1) : '';
}

function show({ kind }: ComparedLine, value: number): string {
  if (kind === 'errors') return percent(value);
  return kind === 'rate' ? value.toFixed(1) : time(value);
}

function signed(part: number): string {
  return `${part < 0 ? '' : '+'}${(part * 100).toFixed(1)} %`;
}

const WIDTHS = [18, 10, 10, 12, 24, 2];

function row(cells: readonly string[]): string {
  return cells
    .map((cell, column) =>
      column === 0
        ? cell.padEnd(WIDTHS[0] ?? 0)
        : column === cells.length - 1
          ? `  ${cell}`
          : cell.padStart(WIDTHS[column] ?? 0),
    )
    .join('')
    .trimEnd();
}

/** A file's name must not steer the terminal. */
function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
}
