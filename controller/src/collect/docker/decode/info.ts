import type { HostSize } from '../../sample.ts';
import { amount, object } from '../../json.ts';

/** Body of `GET /info`; undefined when the size of the host is not in it. */
export function decodeInfo(body: unknown): HostSize | undefined {
  const fields = object(body);
  const cpus = amount(fields['NCPU']);
  const memoryBytes = amount(fields['MemTotal']);
  return cpus === undefined || memoryBytes === undefined ? undefined : { cpus, memoryBytes };
}
