/** Makes text from outside harmless: names, labels, log lines and errors are whatever somebody wrote there. */

/** How much is looked at for each character that is kept; a longer run of invisible text is cut. */
const INPUT_FACTOR = 8;

const escape = String.fromCodePoint(0x1b);

/** Colours and cursor moves (CSI), titles and links (OSC), and the short sequences of terminals. */
const terminalSequences = new RegExp(
  `${escape}\\[[0-?]*[ -/]*[@-~]|${escape}\\][^\\p{Cc}]*(?:${escape}\\\\)?|${escape}[ -~]`,
  'gu',
);

/** Control, format (bidirectional, zero width, tags), line and paragraph separators, and every sort of space. */
const breaksAndSpaces = /[\p{Cc}\p{Zl}\p{Zp}\p{Zs}]+/gu;
const invisible = /\p{Cf}/gu;

/**
 * One line of visible text, at most `maxLength` UTF-16 units with an ellipsis when cut: no terminal sequences, control,
 * bidirectional or zero-width characters, no lone surrogates.
 */
export function cleanLine(text: string, maxLength: number): string {
  const visible = text
    .slice(0, maxLength * INPUT_FACTOR)
    .toWellFormed()
    .replace(terminalSequences, '')
    .replace(invisible, '')
    .replace(breaksAndSpaces, ' ')
    .trim();
  if (visible.length <= maxLength) return visible;
  return `${cutAtCharacter(visible, maxLength - 1).trimEnd()}…`;
}

/** The first `length` units, without half a surrogate pair at the end. */
function cutAtCharacter(text: string, length: number): string {
  const cut = text.slice(0, length);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}
