import { expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { createFakeClock } from '../fake-clock.ts';
import { buildPolicy, buildTarget } from '../model/builders.ts';
import { replayInWorker } from './in-worker.ts';
import type { RecordedTarget } from './recorded-target.ts';

const rule = {
  name: 'cpu',
  severity: 'critical',
  expr: 'cpu > 80',
  forMs: 0,
  keepFiringForMs: 0,
  actions: [],
} as const;
const policy = buildPolicy({ rules: [rule], selector: { matchLabels: { team: 'a' }, matchExpressions: [] } });
const target = buildTarget({ labels: { team: 'a' } });
const samples = Array.from({ length: 20 }, (_, index) => ({
  targetId: target.id,
  at: index * 30_000,
  values: { up: 1, cpu: index === 10 ? 91.5 : 5 },
}));
const input = { policy, fromMs: 0, toMs: 600_000, hasLabels: true };

it('replays in a thread of its own, with the true labels', async () => {
  const targets = async function* (): AsyncGenerator<RecordedTarget> {
    yield { target, samples, resolutionMs: 0 };
  };
  const done = await replayInWorker({ targets, input, clock: systemClock });
  expect(done).toMatchObject({
    kind: 'done',
    replay: { looks: 20, targets: [target.id], alerts: [{ rule: 'cpu', fired: true, values: { cpu: 91.5 } }] },
  });
  expect(JSON.stringify(done)).not.toContain('labels other than');
});

it('ends what takes too long', async () => {
  const clock = createFakeClock();
  const targets = async function* (): AsyncGenerator<RecordedTarget> {
    await clock.advance(20_001);
    yield { target, samples, resolutionMs: 0 };
  };
  expect(await replayInWorker({ targets, input, clock })).toMatchObject({ kind: 'failed' });
});
