import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore, type SqliteStore } from '../../record/history/sqlite/store.ts';
import { defaultTiers } from '../../record/history/tiers.ts';
import { createTestContext } from '../test-context.ts';
import { replay } from './replay.ts';

const dir = mkdtempSync(join(tmpdir(), 'foghorn-replay-test-'));
const policyFile = join(dir, 'p.yaml');
let store: SqliteStore;

const policy = (spec: string): string =>
  `apiVersion: foghorn.dev/v1alpha1\nkind: MonitorPolicy\nmetadata: { name: web }\nspec:\n  ${spec}\n  rules: [{ name: cpu, severity: critical, expr: cpu > 80 }]\n`;

beforeAll(() => {
  const now = createTestContext().clock.now();
  store = openStore(join(dir, 'history.db'), defaultTiers);
  for (const targetId of ['local/shop/web/1', 'local/other']) {
    store.insert(
      Array.from({ length: 20 }, (_, index) => ({
        targetId,
        at: now - 600_000 + index * 30_000,
        values: { up: 1, cpu: index === 10 ? 91.5 : 5 },
      })),
    );
  }
});
afterAll(() => {
  store.close();
  rmSync(dir, { recursive: true });
});

async function run(spec: string, ...options: readonly string[]) {
  writeFileSync(policyFile, policy(spec));
  const context = createTestContext();
  const exitCode = await replay(['--policy', policyFile, '--data', dir, ...options], context);
  return { exitCode, out: context.written(), err: context.complained() };
}

describe('foghorn replay', () => {
  it('reads the history of a controller that has it open and locked', async () => {
    const { exitCode, out } = await run('selector: {}', '--history', '1h');
    expect(exitCode).toBe(0);
    expect(out).toContain('2 targets, 40 looks');
    expect(out).toMatch(/cpu +critical +local\/shop\/web\/1 .* 30s +2 +cpu=91.5/);
    expect(out).toMatch(/cpu local\/shop\/web\/1 +\.+C\.*\n/);
    expect(out).toContain('mails: 2 (first 1, resolved 1)');
  });

  it('selects by the labels of Compose and by name, and says which labels it cannot hold', async () => {
    const byLabel = await run('selector: { matchLabels: { com.docker.compose.service: web } }', '--output', 'json');
    expect(JSON.parse(byLabel.out)).toMatchObject({ replays: [{ targets: ['local/shop/web/1'] }] });
    const byName = await run('selector: {}\n  containerNames: ["oth*"]', '--output', 'json');
    expect(JSON.parse(byName.out)).toMatchObject({ replays: [{ targets: ['local/other'] }] });
    const other = await run('selector: { matchLabels: { team: a } }', '--target', 'other');
    expect(other.out).toContain('without team');
    expect(other.out).toContain('1 targets');
  });

  it('refuses a policy that the API would refuse, with its place', async () => {
    const { exitCode, err } = await run('selector: {}\n  colour: red');
    expect(exitCode).toBe(2);
    expect(err).toContain('unknown field "spec.colour"');
  });

  it('says where there is no history', async () => {
    await expect(run('selector: {}', '--data', join(dir, 'nowhere'))).rejects.toThrow('no history in');
  });
});
