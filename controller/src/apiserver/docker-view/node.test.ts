import { describe, expect, it } from 'vitest';
import type { HostStatus, ReachableHost } from '../../model/host.ts';
import { nodeColumns } from './node-columns.ts';
import { nodeOf } from './node.ts';

const since = Date.UTC(2026, 0, 13, 10, 0, 0);
const reachable: ReachableHost = {
  host: 'Web_1',
  runtime: 'docker',
  since,
  reachable: true,
  engineVersion: '28.5.2',
  apiVersion: '1.44',
  source: 'cgroup',
  cpus: 4,
  memoryBytes: 8 * 1024 ** 3,
};
const away: HostStatus = {
  host: 'web-2',
  runtime: 'docker',
  since,
  reachable: false,
  reason: 'Timeout',
  message: 'hung',
};

describe('nodeOf', () => {
  it('shows size, version and readiness of a host', () => {
    const size = { cpu: '4', memory: '8Gi' };
    const ready = { type: 'Ready', status: 'True', reason: 'EngineReady', message: 'readings come from cgroup' };
    const times = { lastHeartbeatTime: '2026-01-13T10:00:00Z', lastTransitionTime: '2026-01-13T10:00:00Z' };
    const node = nodeOf(reachable);
    expect(node.metadata).toMatchObject({ name: 'web-1', labels: { 'kubernetes.io/hostname': 'web-1' } });
    expect(node.status).toEqual({
      capacity: size,
      allocatable: size,
      conditions: [{ ...ready, ...times }],
      addresses: [{ type: 'Hostname', address: 'web-1' }],
      nodeInfo: { kubeletVersion: '28.5.2', containerRuntimeVersion: 'docker://28.5.2' },
    });
  });

  it('says why a host is not ready', () => {
    const { status } = nodeOf(away);
    expect(status.conditions[0]).toMatchObject({ type: 'Ready', status: 'False', reason: 'Timeout', message: 'hung' });
    expect(status.capacity).toBeUndefined();
  });

  it('does not know of a host that has not been asked', () => {
    expect(nodeOf({ ...away, reason: 'Starting' }).status.conditions[0]?.status).toBe('Unknown');
  });

  it.each([
    [reachable, ['web-1', 'Ready', '<none>', '<unknown>', '28.5.2', 'docker://28.5.2']],
    [away, ['web-2', 'NotReady', '<none>', '<unknown>', '', '<unknown>']],
  ])('is printed as kubectl does', (host, cells) => {
    const shown = nodeColumns
      .filter(({ name }) => !/IP|Kernel|OS/.test(name))
      .map((column) => column.cell(nodeOf(host), since));
    expect(shown).toEqual(cells);
  });
});
