import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Remembered } from '../collect/docker/remembered.ts';
import { createFakeClock, type FakeClock } from '../fake-clock.ts';
import { createSilentLog } from '../log.ts';
import { createProblems, type Problems } from '../problems.ts';
import { createContainerMemory, readContainerMemory, type ContainerMemory } from './container-memory.ts';

const web: Remembered = {
  id: 'a',
  image: 'web:1',
  imageId: 'sha256:1',
  restartCount: 2,
  oomKilled: true,
  fingerprint: { whole: 'w', updatable: 'u' },
};
const log = createSilentLog();
const DAY_MS = 86_400_000;

describe('the memory of containers', () => {
  let folder: string;
  let file: string;
  let clock: FakeClock;
  let problems: Problems;
  let containers: ReadonlyMap<string, Remembered>;
  let memory: ContainerMemory;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'foghorn-memory-'));
    file = join(folder, 'data/containers.json');
    clock = createFakeClock();
    problems = createProblems({ clock, log });
    containers = new Map([['local/web', web]]);
    memory = createContainerMemory({ file, runtimes: [{ remembered: () => containers }], problems, clock });
    memory.start();
  });
  afterEach(async () => {
    await memory.stop();
    rmSync(folder, { recursive: true });
  });

  const read = (): ReadonlyMap<string, Remembered> => readContainerMemory(file, { now: clock.now(), log });

  it('is what the next process reads', async () => {
    expect(read()).toEqual(new Map());
    await clock.advance(10_000);
    expect(read()).toEqual(containers);
  });

  it('is written when something changed, at the end, and now and then', async () => {
    await clock.advance(10_000);
    const first = readFileSync(file, 'utf8');
    await clock.advance(500_000);
    expect(readFileSync(file, 'utf8')).toBe(first);
    await clock.advance(100_000);
    expect(readFileSync(file, 'utf8')).not.toBe(first);
    containers = new Map([['local/web', { ...web, id: 'b' }]]);
    await clock.advance(10_000);
    expect(read().get('local/web')?.id).toBe('b');
    containers = new Map([['local/web', { ...web, id: 'c' }]]);
    await memory.stop();
    expect(read().get('local/web')?.id).toBe('c');
  });

  it('is forgotten when nobody watched for a day', async () => {
    await memory.stop();
    expect(readContainerMemory(file, { now: clock.now() + DAY_MS, log })).toEqual(containers);
    expect(readContainerMemory(file, { now: clock.now() + DAY_MS + 1, log })).toEqual(new Map());
  });

  it.each(['', 'null', '{"savedAt":1e15,"containers":[["a"],[1,{}],null,7]}', '{"containers":{}}'])(
    'is empty where the file holds %j',
    async (text) => {
      await memory.stop();
      writeFileSync(file, text);
      expect(read()).toEqual(new Map());
    },
  );

  it('that cannot be written is a problem until it can', async () => {
    writeFileSync(join(folder, 'data'), 'a file where the folder should be');
    await clock.advance(10_000);
    expect(problems.list()).toMatchObject([{ key: 'container-memory', reason: 'WriteFailed' }]);
    rmSync(join(folder, 'data'));
    await clock.advance(10_000);
    expect(problems.list()).toEqual([]);
    expect(read()).toEqual(containers);
  });
});
