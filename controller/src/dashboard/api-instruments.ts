import { Counter, type Registry } from 'prom-client';
import type { Instruments } from '../model/instruments.ts';

/** Calls of API servers; in no registry yet, for it may outlast one. */
export type CallCounter = Counter<'code' | 'method' | 'host'>;

export function createCallCounter(): CallCounter {
  return new Counter({
    name: 'rest_client_requests_total',
    help: 'Requests to an API server; the code <error> is one without an answer.',
    labelNames: ['code', 'method', 'host'],
    registers: [],
  });
}

export function countCalls(calls: CallCounter): Pick<Instruments, 'called'> {
  return {
    called: (method, host, code) => calls.inc({ code: code === 'error' ? '<error>' : String(code), method, host }),
  };
}

/** client-go's count of calls, and how well the cluster's objects are followed. */
export function createApiCounters(registry: Registry, calls: CallCounter): Pick<Instruments, 'called' | 'informer'> {
  const registers = [registry];
  registry.registerMetric(calls);
  const lists = new Counter({
    name: 'foghorn_informer_lists_total',
    help: 'Lists of a kind that is followed: the first, one after the watch was lost, or a routine one to make sure.',
    labelNames: ['kind', 'why'],
    registers,
  });
  const missed = new Counter({
    name: 'foghorn_informer_missed_total',
    help: 'Differences that routine lists found: changes that the watch did not tell.',
    labelNames: ['kind'],
    registers,
  });
  return {
    ...countCalls(calls),
    informer(kind) {
      for (const why of ['first', 'lost', 'routine']) lists.inc({ kind, why }, 0);
      missed.inc({ kind }, 0);
      return {
        listed: (why) => lists.inc({ kind, why }),
        missed: (differences) => missed.inc({ kind }, differences),
      };
    },
  };
}
