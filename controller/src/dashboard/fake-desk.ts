import type { LogChunk } from '../model/container.ts';
import { done, refused, type DashboardActions } from './actions.ts';
import type { DashboardDetails } from './details.ts';
import type { Desk } from './routes/desk.ts';

/** A desk with one of everything, for tests; `calls` has what was done. */
export interface FakeDesk extends Desk {
  readonly calls: unknown[];
  /** Signals of the logs that are watched. */
  readonly logSignals: AbortSignal[];
  /** What `log` gives; then it stays open until its signal aborts. */
  chunks: readonly LogChunk[];
}

export function createFakeDesk(overrides: Partial<DashboardDetails> = {}): FakeDesk {
  const calls: unknown[] = [];
  const logSignals: AbortSignal[] = [];
  const desk: FakeDesk = {
    calls,
    logSignals,
    chunks: [],
    details: { ...fakeDetails(() => desk.chunks, logSignals), ...overrides },
    actions: fakeActions(calls),
  };
  return desk;
}

function fakeDetails(chunks: () => readonly LogChunk[], logSignals: AbortSignal[]): DashboardDetails {
  return {
    containers: {
      find: () => undefined,
      links: async () => ({ ports: [{ protocol: 'tcp', containerPort: 80 }], networks: [] }),
      standings: () => [],
      log: async (_targetId, _tailLines, signal) => {
        logSignals.push(signal);
        return openEnded(chunks(), signal);
      },
      logMissing: (targetId) => (targetId.startsWith('process/') ? 'the output of a process is not kept' : undefined),
      marks: async () => [],
      loadSpans: async () => [],
    },
    policies: {
      list: async () => [{ key: 'default/web', origin: { kind: 'api', editable: true }, createdAt: 1 }],
      read: async (key) =>
        key === 'default/web'
          ? {
              key,
              origin: { kind: 'api', editable: true },
              createdAt: 1,
              resourceVersion: '0'.repeat(16),
              yaml: 'a: 1\n',
            }
          : undefined,
      inForce: () => undefined,
      tally: () => [],
      check: () => ({ problems: [], policies: [] }),
      preview: async () => refused('busy', 'another preview is running'),
    },
    episodes: async () => [],
    alertObjectName: ({ rule }) => rule,
    silences: async () => [],
    loadTests: {
      list: async () => ({ loadTests: [], unavailable: null }),
      read: async () => undefined,
      samples: () => [],
    },
    mails: {
      list: () => ({ mails: [], since: 0, email: { configured: false, message: '', waiting: 0 } }),
      html: (id) => (id === 'known' ? '<h1 style="color:red">down</h1><script>alert(1)</script>' : undefined),
    },
    schema: () => ({ type: 'object' }),
  };
}

async function* openEnded(chunks: readonly LogChunk[], signal: AbortSignal): AsyncGenerator<LogChunk> {
  yield* chunks;
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function fakeActions(calls: unknown[]): DashboardActions {
  const note = async (...call: readonly unknown[]): Promise<{ readonly kind: 'done'; readonly value: true }> => {
    calls.push(call);
    return { kind: 'done', value: true };
  };
  return {
    applyPolicies: async (request) => {
      await note('apply', request);
      return refused('invalid', 'it is not valid', [{ path: 'spec.rules[0].expr', line: 7, column: 3, message: 'no' }]);
    },
    deletePolicy: (key) => note('deletePolicy', key),
    acknowledge: (key, by) => note('acknowledge', key, by),
    silence: async (request, author) => {
      await note('silence', request, author);
      return done([]);
    },
    deleteSilence: (key) => note('deleteSilence', key),
    startLoadTest: async (request) => {
      await note('start', request);
      return done({ key: 'default/smoke', action: 'created' });
    },
    stopLoadTest: (key) => note('stop', key),
    sendTestMail: async (to) => {
      await note('mail', to);
      return done({ results: [] });
    },
  };
}
