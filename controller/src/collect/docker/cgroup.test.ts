import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCgroupReader } from './cgroup.ts';
import type { ContainerFacts } from './decode/inspect.ts';
import { recordedState } from './recorded.ts';

const ID = 'ab'.repeat(32);
const facts: ContainerFacts = { ...recordedState('28.5.2', 'nolimit'), id: ID, pid: 42 };
const NET_DEV = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:  500       5    0    0    0     0          0         0   500       5    0    0    0     0       0          0
  eth0: 1000      10    0    0    0     0          0         0   200       2    0    0    0     0       0          0
  eth1:2000      10    0    0    0     0          0         0   300       2    0    0    0     0       0          0
`;

const v1 = (place: string): Readonly<Record<string, string>> => ({
  [`cgroup/cpuacct${place}/cpuacct.usage`]: '123456789\n',
  [`cgroup/memory${place}/memory.usage_in_bytes`]: '1000\n',
  [`cgroup/memory${place}/memory.stat`]: 'inactive_file 1\ntotal_inactive_file 300\n',
  [`cgroup/blkio${place}/blkio.throttle.io_service_bytes`]: '8:0 Read 5\n8:0 Write 7\n8:16 Read 10\nTotal 22\n',
  [`cgroup/pids${place}/pids.current`]: '3\n',
});
const v2 = (place: string): Readonly<Record<string, string>> => ({
  [`cgroup${place}/cpu.stat`]: 'usage_usec 123456\nuser_usec 1\n',
  [`cgroup${place}/memory.current`]: '1000\n',
  [`cgroup${place}/memory.stat`]: 'anon 1\ninactive_file 300\n',
  [`cgroup${place}/io.stat`]: '8:0 rbytes=5 wbytes=7 rios=1 wios=1\n8:16 rbytes=10 wbytes=0\n',
  [`cgroup${place}/pids.current`]: '3\n',
});

describe('the cgroup reader', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'foghorn-cgroup-'));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  function write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  }

  const read = (of: Partial<ContainerFacts> = {}): unknown =>
    createCgroupReader({ cgroupDir: join(root, 'cgroup'), procDir: join(root, 'proc'), nowNs: () => 7n }).read({
      ...facts,
      ...of,
    });

  const expected = { memoryBytes: 700, readBytes: 15, writtenBytes: 7, processes: 3, readAtNs: 7n };

  it.each([
    ['v1', v1(`/docker/${ID}`), 123_456_789, {}],
    ['v1 with a parent', v1(`/ci/${ID}`), 123_456_789, { cgroupParent: '/ci' }],
    ['v2 by cgroupfs', v2(`/docker/${ID}`), 123_456_000, {}],
    ['v2 by systemd', v2(`/system.slice/docker-${ID}.scope`), 123_456_000, {}],
    [
      'v2 by systemd in a slice',
      v2(`/a.slice/a-b.slice/docker-${ID}.scope`),
      123_456_000,
      { cgroupParent: 'a-b.slice' },
    ],
  ])('finds %s', (_, files, cpuNs, over) => {
    write(files);
    expect(read(over)).toMatchObject({ ...expected, cpuNs });
  });

  it.each([
    ['v1', v1(`/odd/${ID}`), `5:cpuacct:/odd/${ID}\n4:memory:/odd/${ID}\n`],
    ['v2', v2(`/user.slice/odd-${ID}.scope`), `0::/user.slice/odd-${ID}.scope\n`],
  ])('finds a place on %s that only the kernel knows', (_, files, cgroup) => {
    write({ ...files, 'proc/42/cgroup': cgroup });
    expect(read()).toMatchObject(expected);
  });

  it('is not led out of its folder by a reader-relative path', () => {
    write({ 'proc/42/cgroup': `0::/../../docker/${ID}\n`, [`docker/${ID}/cpu.stat`]: 'usage_usec 1\n' });
    expect(read()).toBeUndefined();
  });

  it('sums the interfaces of the name space of the process, without loopback', () => {
    write({ ...v2(`/docker/${ID}`), 'proc/42/net/dev': NET_DEV });
    expect(read()).toMatchObject({ receivedBytes: 3000, transmittedBytes: 500 });
  });

  it.each(['shared', 'none'] as const)('has no network of a container whose network is %s', (network) => {
    write({ ...v2(`/docker/${ID}`), 'proc/42/net/dev': NET_DEV });
    expect(read({ network })).not.toHaveProperty('receivedBytes');
  });

  it('gives nothing for a container of another machine, of another kind of id, or that went', () => {
    expect(read()).toBeUndefined();
    expect(read({ id: '../../etc' })).toBeUndefined();
    write(v2(`/docker/${ID}`));
    const reader = createCgroupReader({ cgroupDir: join(root, 'cgroup'), procDir: join(root, 'proc') });
    expect(reader.read(facts)).toBeDefined();
    rmSync(join(root, 'cgroup/docker'), { recursive: true });
    expect(reader.read(facts)).toBeUndefined();
    reader.keepOnly(new Set());
    expect(reader.read(facts)).toBeUndefined();
  });
});
