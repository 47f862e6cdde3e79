/** One line of two texts laid over each other. */
export interface DiffLine {
  readonly side: 'both' | 'theirs' | 'mine';
  readonly text: string;
}

/** Texts of more lines than this are shown one after the other. */
const MAX_LINES = 1500;

/** What differs between two texts, line by line, by their longest common subsequence. */
export function lineDiff(theirs: string, mine: string): readonly DiffLine[] {
  const a = theirs.split('\n');
  const b = mine.split('\n');
  if (a.length > MAX_LINES || b.length > MAX_LINES) {
    return [
      ...a.map((text) => ({ side: 'theirs' as const, text })),
      ...b.map((text) => ({ side: 'mine' as const, text })),
    ];
  }
  const common = commonLengths(a, b);
  const lengthAt = (row: number, column: number): number => common[row * (b.length + 1) + column] ?? 0;
  const lines: DiffLine[] = [];
  let row = 0;
  let column = 0;
  while (row < a.length || column < b.length) {
    const left = a[row];
    const right = b[column];
    if (left !== undefined && left === right) {
      lines.push({ side: 'both', text: left });
      row += 1;
      column += 1;
    } else if (left !== undefined && (right === undefined || lengthAt(row + 1, column) >= lengthAt(row, column + 1))) {
      lines.push({ side: 'theirs', text: left });
      row += 1;
    } else {
      lines.push({ side: 'mine', text: right ?? '' });
      column += 1;
    }
  }
  return lines;
}

/** At [row, column]: how many lines the rests have in common. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint16Array {
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let row = a.length - 1; row >= 0; row -= 1) {
    for (let column = b.length - 1; column >= 0; column -= 1) {
      const below = lengths[(row + 1) * width + column] ?? 0;
      const right = lengths[row * width + column + 1] ?? 0;
      const diagonal = lengths[(row + 1) * width + column + 1] ?? 0;
      lengths[row * width + column] = a[row] === b[column] ? diagonal + 1 : Math.max(below, right);
    }
  }
  return lengths;
}
