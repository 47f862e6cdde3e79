import { describe, expect, it } from 'vitest';
import { buildTarget } from '../../model/builders.ts';
import type { Container } from '../../model/container.ts';
import type { HostStatus } from '../../model/host.ts';
import { buildContainer } from './builders.ts';
import { podColumns, podStatus } from './pod-columns.ts';
import { memoryQuantity, podOf, uidOf, type Pod } from './pod.ts';

const away: HostStatus = {
  host: 'local',
  runtime: 'docker',
  since: 0,
  reachable: false,
  reason: 'Refused',
  message: 'start the Docker engine',
};

const podFrom = (overrides: Partial<Container> = {}, host?: HostStatus): Pod =>
  podOf({ container: buildContainer(overrides), namespace: 'shop', name: 'web' }, host);

const uidFor = (instance: string) => podFrom({ target: buildTarget({ instance }) }).metadata.uid;

const finishedAt = Date.UTC(2026, 0, 13, 9, 30, 0);
const nowMs = Date.UTC(2026, 0, 13, 10, 0, 0);

describe('podOf', () => {
  it('shows a running container whole', () => {
    const labels = { 'com.docker.compose.service': 'web', note: 'has a space' };
    const target = buildTarget({ labels, limits: { cpuCores: 0.5, memoryBytes: 256 * 1024 * 1024 } });
    expect(podFrom({ target, restarts: 2 })).toMatchInlineSnapshot(`
      {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
          "annotations": {
            "foghorn.dev/target": "local/web",
            "note": "has a space",
          },
          "creationTimestamp": "2026-01-13T09:00:00Z",
          "labels": {
            "com.docker.compose.service": "web",
          },
          "name": "web",
          "namespace": "shop",
          "uid": "4e516238-0ecf-8bf0-b88b-6b968962914c",
        },
        "spec": {
          "containers": [
            {
              "image": "web:1",
              "name": "web",
              "resources": {
                "limits": {
                  "cpu": "500m",
                  "memory": "256Mi",
                },
              },
            },
          ],
          "nodeName": "local",
          "securityContext": {},
        },
        "status": {
          "conditions": [
            {
              "lastTransitionTime": "2026-01-13T09:00:00Z",
              "status": "True",
              "type": "Initialized",
            },
            {
              "lastTransitionTime": "2026-01-13T09:00:01Z",
              "status": "True",
              "type": "Ready",
            },
            {
              "lastTransitionTime": "2026-01-13T09:00:01Z",
              "status": "True",
              "type": "ContainersReady",
            },
            {
              "lastTransitionTime": "2026-01-13T09:00:00Z",
              "status": "True",
              "type": "PodScheduled",
            },
          ],
          "containerStatuses": [
            {
              "containerID": "docker://web-1",
              "image": "web:1",
              "imageID": "",
              "lastState": {},
              "name": "web",
              "ready": true,
              "restartCount": 2,
              "started": true,
              "state": {
                "running": {
                  "startedAt": "2026-01-13T09:00:01Z",
                },
              },
            },
          ],
          "phase": "Running",
          "startTime": "2026-01-13T09:00:01Z",
        },
      }
    `);
  });

  it.each<readonly [string, Partial<Container>, string, string, string]>([
    ['runs', {}, 'Running', 'Running', '1/1'],
    ['is healthy', { health: 'healthy' }, 'Running', 'Running', '1/1'],
    ['is unhealthy', { health: 'unhealthy' }, 'Running', 'Running', '0/1'],
    ['is still starting', { health: 'starting' }, 'Running', 'Running', '0/1'],
    ['is paused', { state: 'paused' }, 'Running', 'Paused', '0/1'],
    ['was never started', { state: 'created', startedAt: undefined }, 'Pending', 'Created', '0/1'],
    ['is restarting', { state: 'restarting', exitCode: 1, finishedAt }, 'Running', 'CrashLoopBackOff', '0/1'],
    ['ended well', { state: 'exited', exitCode: 0, finishedAt }, 'Succeeded', 'Completed', '0/1'],
    ['failed', { state: 'exited', exitCode: 3, finishedAt }, 'Failed', 'Error', '0/1'],
    ['had no memory', { state: 'exited', exitCode: 137, oomKilled: true, finishedAt }, 'Failed', 'OOMKilled', '0/1'],
    ['is dead', { state: 'dead', exitCode: 0 }, 'Failed', 'Error', '0/1'],
  ])('of a container that %s', (_, overrides, phase, status, ready) => {
    const pod = podFrom(overrides);
    expect(pod.status.phase).toBe(phase);
    expect(podStatus(pod)).toBe(status);
    expect(podColumns[1]?.cell(pod, nowMs)).toBe(ready);
    const isReady = ready === '1/1' ? 'True' : 'False';
    expect(pod.status.conditions.find(({ type }) => type === 'Ready')?.status).toBe(isReady);
  });

  it('tells how and when a container ended', () => {
    const pod = podFrom({ state: 'exited', exitCode: 137, oomKilled: true, finishedAt });
    expect(pod.status.containerStatuses[0].state.terminated).toEqual({
      exitCode: 137,
      reason: 'OOMKilled',
      startedAt: '2026-01-13T09:00:01Z',
      finishedAt: '2026-01-13T09:30:00Z',
    });
  });

  it('keeps the last end of a container that is restarted again and again', () => {
    const pod = podFrom({ state: 'restarting', exitCode: 7, finishedAt, restarts: 4 });
    const [status] = pod.status.containerStatuses;
    expect(status).toMatchObject({ restartCount: 4, lastState: { terminated: { exitCode: 7, reason: 'Error' } } });
  });

  it('promises nothing of a container whose host is away', () => {
    const pod = podFrom({}, away);
    expect(pod.status).toMatchObject({ phase: 'Unknown', message: 'start the Docker engine' });
    expect(pod.status.conditions.every(({ status }) => status === 'Unknown')).toBe(true);
    expect(podColumns.slice(1, 3).map((column) => column.cell(pod, nowMs))).toEqual(['0/1', 'Unknown']);
  });

  it('has the uid of its container: the same for the same, another after a recreation', () => {
    expect(uidFor('abc')).toBe(uidFor('abc'));
    expect(uidFor('abc')).not.toBe(uidFor('abd'));
    expect(uidOf('abc')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('is printed as kubectl does', () => {
    const shown = podColumns.map(({ name, priority, cell }) => [name, priority, cell(podFrom({ restarts: 3 }), nowMs)]);
    expect(shown).toEqual([
      ['Name', 0, 'web'],
      ['Ready', 0, '1/1'],
      ['Status', 0, 'Running'],
      ['Restarts', 0, '3'],
      ['Age', 0, '60m'],
      ['IP', 1, '<none>'],
      ['Node', 1, 'local'],
      ['Nominated Node', 1, '<none>'],
      ['Readiness Gates', 1, '<none>'],
    ]);
  });
});

describe('memoryQuantity', () => {
  it.each([
    [0, '0'],
    [1000, '1000'],
    [1024, '1Ki'],
    [1.5 * 1024 ** 3, '1536Mi'],
    [2 * 1024 ** 4, '2Ti'],
  ])('%i bytes is %s', (bytes, text) => {
    expect(memoryQuantity(bytes)).toBe(text);
  });
});
