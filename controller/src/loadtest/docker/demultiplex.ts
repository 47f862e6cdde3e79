/** Of a frame: its stream, three zeros, its length in four bytes. */
const HEADER_BYTES = 8;
const STANDARD_ERROR = 2;

/** Takes apart the two streams of a container's log (Engine API, "Attach to a container": stream format). */
export function demultiplex(log: Buffer): { readonly standardOutput: string; readonly standardError: string } {
  const parts: { readonly isError: boolean; readonly bytes: Buffer }[] = [];
  for (let at = 0; at + HEADER_BYTES <= log.length;) {
    const end = at + HEADER_BYTES + log.readUInt32BE(at + 4);
    parts.push({ isError: log[at] === STANDARD_ERROR, bytes: log.subarray(at + HEADER_BYTES, end) });
    at = end;
  }
  const join = (isError: boolean): string =>
    Buffer.concat(parts.filter((part) => part.isError === isError).map(({ bytes }) => bytes)).toString();
  return { standardOutput: join(false), standardError: join(true) };
}
