/** The parts of a JSON pointer (RFC 6901), unescaped; undefined when it is none. The whole document has no parts. */
export function parsePointer(pointer: string): readonly string[] | undefined {
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return undefined;
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The index that a part names in a list of that length; undefined when it names none. */
export function listIndex(part: string, length: number): number | undefined {
  if (!/^(0|[1-9]\d{0,9})$/.test(part)) return undefined;
  const index = Number(part);
  return index < length ? index : undefined;
}
