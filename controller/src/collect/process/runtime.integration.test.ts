import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock, type Clock } from '../../clock.ts';
import { createFakeClock } from '../../fake-clock.ts';
import { createSilentLog } from '../../log.ts';
import type { Resources } from '../../model/observation.ts';
import { describeRuntimeContract, type RuntimeHarness } from '../runtime-contract.ts';
import type { HostRuntime } from '../runtime.ts';
import { createProcessRuntime } from './runtime.ts';

const undo: (() => void)[] = [];

afterEach(() => {
  for (const step of undo.splice(0)) step();
});

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'process-runtime-'));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function startNode(script: string): Promise<ChildProcess & { readonly pid: number }> {
  const child = spawn(process.execPath, ['-e', `console.log('ready');${script}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  undo.push(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const { pid } = child;
  if (pid === undefined) throw new Error('node did not start');
  return Object.assign(child, { pid });
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

function createRuntime(folder: string, options: { clock?: Clock; hostProcDir?: string } = {}): HostRuntime {
  const runtime = createProcessRuntime({
    host: 'local',
    targets: ['one', 'two'].map((name) => ({ name, pidFile: join(folder, `${name}.pid`) })),
    hostProcDir: options.hostProcDir ?? '/proc',
    clock: options.clock ?? systemClock,
    log: createSilentLog(),
  });
  undo.push(() => void runtime.stop());
  return runtime;
}

async function createHarness(): Promise<RuntimeHarness> {
  const folder = makeFolder();
  const runtime = createRuntime(folder);
  const children = new Map<string, ChildProcess>();
  const pidFile = (name: string): string => join(folder, `${name}.pid`);
  const run = async (name: string): Promise<void> => {
    const child = await startNode('setInterval(() => undefined, 1000)');
    children.set(name, child);
    writeFileSync(pidFile(name), `${child.pid}\n`);
    // The target is there before its process: the suite takes it as it is when this returns.
    const isSeen = (): boolean => runtime.targets().some((target) => target.name === name && target.instance !== '');
    while (!isSeen()) await wait(20);
  };
  const kill = async (name: string): Promise<void> => {
    const child = children.get(name);
    if (child !== undefined) await end(child);
  };
  return {
    runtime,
    now: () => Date.now(),
    pass: (ms) => wait(ms),
    run,
    crash: kill,
    startAgain: run,
    async stop(name) {
      rmSync(pidFile(name));
      await kill(name);
    },
    async dispose() {
      await Promise.all([...children.values()].map(end));
    },
  };
}

describeRuntimeContract('processes', createHarness, { targets: 'fixed' });

describe('the process runtime', () => {
  it('counts the whole tree of a process', async () => {
    const folder = makeFolder();
    // Each ends when whoever started it is gone, however this test ends.
    const untilAlone = 'process.stdin.resume().on("end", () => process.exit());';
    const busy = `${untilAlone} setInterval(() => { const end = Date.now() + 90; while (Date.now() < end); }, 100)`;
    const parent = await startNode(
      `${untilAlone} require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(busy)}]);`,
    );
    writeFileSync(join(folder, 'one.pid'), String(parent.pid));
    const runtime = createRuntime(folder);
    runtime.start();
    let resources: Resources = {};
    // The parent itself is idle; its child gets what a busy machine leaves, and later than it was asked to.
    while ((resources.cpuCores ?? 0) < 0.2) {
      await wait(1000);
      const [seen] = await runtime.observe(['local/one'], Date.now());
      expect(seen).toMatchObject({ kind: 'observed', state: 'running' });
      resources = seen?.kind === 'observed' ? seen.resources : {};
    }
    parent.stdin?.end();
    await once(parent, 'exit');
    expect(resources.memoryBytes).toBeGreaterThan(40_000_000);
    expect(resources.processes).toBeGreaterThan(10);
    expect(resources.diskWriteRate).toBeGreaterThanOrEqual(0);
  });

  it('is unreachable with the reason where a pid file cannot be used, and looks at the others', async () => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'one.pid'), 'not a number');
    writeFileSync(join(folder, 'two.pid'), String(process.pid));
    const runtime = createRuntime(folder);
    runtime.start();
    const [one, two] = await runtime.observe(['local/one', 'local/two'], Date.now());
    expect(one).toMatchObject({
      kind: 'unreachable',
      reason: 'BadAnswer',
      message: expect.stringContaining('one.pid'),
    });
    expect(two).toMatchObject({ kind: 'observed', state: 'running' });
  });

  it('says that the host is unreachable while /proc is away, and is well again when it is back', async () => {
    const folder = makeFolder();
    const clock = createFakeClock();
    const hostProcDir = join(folder, 'proc');
    const runtime = createRuntime(folder, { clock, hostProcDir });
    runtime.start();
    expect(runtime.status()).toMatchObject({ reachable: false, reason: 'BadAnswer', since: clock.now() });
    const [seen] = await runtime.observe(['local/one'], clock.now());
    expect(seen).toMatchObject({ kind: 'unreachable', reason: 'HostUnreachable', target: { name: 'one' } });
    mkdirSync(hostProcDir);
    for (const file of ['stat', 'meminfo', 'uptime'])
      writeFileSync(join(hostProcDir, file), readFileSync(join('/proc', file)));
    await clock.advance(1000);
    expect(runtime.status()).toMatchObject({ reachable: true, source: 'proc', since: clock.now() });
    const [again] = await runtime.observe(['local/one'], clock.now());
    expect(again).toMatchObject({ kind: 'observed', state: 'created', resources: {} });
  });
});
