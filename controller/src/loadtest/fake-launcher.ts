import { buildProgress, buildReport } from './builders.ts';
import { generatorName, type Generator, type LaunchOrder, type LoadLauncher, type Output } from './launcher.ts';

/** For tests: generators in memory that do what they are told. */
export interface FakeLauncher extends LoadLauncher {
  readonly orders: readonly LaunchOrder[];
  /** Sets what a generator says and how it stands. */
  set(id: string, change: { readonly state?: Generator['state']; readonly output?: Partial<Output> }): void;
  /** Ids of those that are there. */
  ids(): readonly string[];
  setAway(reason: string | undefined): void;
}

interface Entry {
  readonly generator: Generator;
  readonly output: Output;
}

export function createFakeLauncher(): FakeLauncher {
  const entries = new Map<string, Entry>();
  const orders: LaunchOrder[] = [];
  let away: string | undefined;
  const end = (id: string, code: number): void => {
    const entry = entries.get(id);
    if (entry?.generator.state.kind !== 'running') return;
    const state = { kind: 'ended', code, reason: `exit code ${code}` } as const;
    // One that is killed has no time to report.
    const report = code === 137 ? undefined : buildReport({ ended: 'stopped' });
    entries.set(id, { output: { ...entry.output, report }, generator: { ...entry.generator, state } });
  };
  return {
    kind: 'process',
    orders,
    async list(owner) {
      if (away !== undefined) return { generators: [], away: [away] };
      const all = [...entries.values()].map(({ generator }) => generator);
      return { generators: all.filter((one) => owner === undefined || one.owner === owner), away: [] };
    },
    async launch(order) {
      const id = generatorName(order);
      if (entries.has(id)) return;
      orders.push(order);
      const { owner, run, index } = order;
      const output = { complaint: '', progress: buildProgress() };
      entries.set(id, { generator: { id, owner, run, index, state: { kind: 'running' } }, output });
    },
    read: async ({ id }) => entries.get(id)?.output ?? { complaint: '' },
    stop: async ({ id }, force) => end(id, force ? 137 : 143),
    remove: async ({ id }) => void entries.delete(id),
    close: async () => undefined,
    set(id, { state, output }) {
      const entry = entries.get(id);
      if (entry === undefined) throw new Error(`there is no generator ${id}`);
      const generator = state === undefined ? entry.generator : { ...entry.generator, state };
      entries.set(id, { generator, output: { ...entry.output, ...output } });
    },
    ids: () => [...entries.keys()],
    setAway(reason) {
      away = reason;
    },
  };
}
