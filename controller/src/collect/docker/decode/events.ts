import type { Health } from '../../../model/observation.ts';
import { amount, integer, object, text, texts } from '../../json.ts';

export const eventActions = [
  'create',
  'start',
  'die',
  'oom',
  'kill',
  'stop',
  'pause',
  'unpause',
  'restart',
  'rename',
  'update',
  'destroy',
  'health_status',
] as const;
export type EventAction = (typeof eventActions)[number];

export interface ContainerEvent {
  readonly action: EventAction;
  /** Container id. */
  readonly id: string;
  readonly name: string;
  /** Epoch milliseconds and nanoseconds, the engine's clock. */
  readonly at: number;
  readonly timeNano: bigint;
  /** The same event, however often it is replayed. */
  readonly key: string;
  /** Of `die`. */
  readonly exitCode?: number | undefined;
  /** Of `kill`: a number or a name. */
  readonly signal?: string | undefined;
  /** Of `health_status`. */
  readonly health?: Health | undefined;
}

/** One line of `GET /events`; undefined for what is no container event of interest. */
export function decodeEvent(value: unknown): ContainerEvent | undefined {
  const fields = object(value);
  const [word = '', suffix = ''] = text(fields['Action']).split(': ', 2);
  const action = eventActions.find((known) => known === word);
  const actor = object(fields['Actor']);
  const id = text(actor['ID']);
  const nano = amount(fields['timeNano']) ?? (amount(fields['time']) ?? 0) * 1e9;
  if (fields['Type'] !== 'container' || action === undefined || id === '' || nano === 0) return undefined;
  const attributes = texts(actor['Attributes']);
  const timeNano = BigInt(Math.trunc(nano));
  return {
    action,
    id,
    name: attributes['name'] ?? '',
    at: Number(timeNano / 1_000_000n),
    timeNano,
    key: `${timeNano} ${id} ${word} ${suffix}`,
    exitCode: integer(attributes['exitCode']),
    signal: attributes['signal'],
    health: action === 'health_status' ? healthOf(suffix) : undefined,
  };
}

function healthOf(word: string): Health | undefined {
  return word === 'healthy' || word === 'unhealthy' || word === 'starting' ? word : undefined;
}
