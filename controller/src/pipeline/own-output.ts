import type { Collector } from '../collect/collect.ts';

/** How many lines a message carries. */
export const OUTPUT_LINES = 10;
/** Of the end of the output; a line may be as long as a container likes. */
const MAX_KEPT_BYTES = 32_768;
/** Read at most, so that an endless line costs no more than this. */
const MAX_READ_BYTES = 1_048_576;

/** The last lines that a container wrote, oldest first; may reject, and ends when the signal aborts. */
export async function readOwnOutput(
  { logs }: Pick<Collector, 'logs'>,
  targetId: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const chunks = await logs(targetId, { follow: false, timestamps: false, tailLines: OUTPUT_LINES }, signal);
  let kept: Buffer = Buffer.alloc(0);
  let read = 0;
  for await (const { bytes } of chunks) {
    kept = Buffer.concat([kept, bytes]).subarray(-MAX_KEPT_BYTES);
    read += bytes.length;
    if (read >= MAX_READ_BYTES) break;
  }
  const lines = kept.toString('utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').slice(-OUTPUT_LINES);
}
