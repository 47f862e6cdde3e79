const NEWLINE = 0x0a;
/** Bytes held while the end is looked for; longer ends are cut at their beginning. */
const MAX_TAIL_BYTES = 4 * 1024 * 1024;

/** The last lines of a text that comes in pieces, as one piece; a last line without its end counts as one. */
export async function* lastLines(pieces: AsyncIterable<Uint8Array>, lines: number): AsyncGenerator<Uint8Array, void> {
  const kept: Uint8Array[] = [];
  let keptBytes = 0;
  for await (const piece of pieces) {
    kept.push(piece);
    keptBytes += piece.length;
    while (keptBytes - (kept[0]?.length ?? 0) >= MAX_TAIL_BYTES) keptBytes -= kept.shift()?.length ?? 0;
  }
  const text = Buffer.concat(kept);
  const tail = text.subarray(startOfTail(text, lines));
  if (tail.length > 0) yield tail;
}

function startOfTail(text: Buffer, lines: number): number {
  let start = text.length;
  for (let line = 0; line < lines && start > 0; line += 1) start = startOfLine(text, start);
  return start;
}

/** Where the line begins that ends before `end`, whether with a newline or without. */
function startOfLine(text: Buffer, end: number): number {
  return end < 2 ? 0 : text.lastIndexOf(NEWLINE, end - 2) + 1;
}
