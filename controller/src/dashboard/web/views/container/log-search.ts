/** A piece of a line; a hit is what was searched for. */
export interface Piece {
  readonly text: string;
  readonly isHit: boolean;
}

/** A line of one letter repeated has as many hits as letters; nobody looks at more than these. */
const MAX_HITS = 50;

/** Whether the line has the words, whatever their case. An empty search finds all. */
export function matches(text: string, search: string): boolean {
  return search === '' || text.toLowerCase().includes(search.toLowerCase());
}

/** The line in pieces; put together they are the line. */
export function pieces(text: string, search: string): readonly Piece[] {
  const lower = text.toLowerCase();
  const wanted = search.toLowerCase();
  // Letters whose lower case is longer would shift the hits: such a line is shown without marks.
  if (wanted === '' || lower.length !== text.length) return [{ text, isHit: false }];
  const found: Piece[] = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0 && found.length < 2 * MAX_HITS; at = lower.indexOf(wanted, from)) {
    if (at > from) found.push({ text: text.slice(from, at), isHit: false });
    from = at + wanted.length;
    found.push({ text: text.slice(at, from), isHit: true });
  }
  if (from < text.length || found.length === 0) found.push({ text: text.slice(from), isHit: false });
  return found;
}
