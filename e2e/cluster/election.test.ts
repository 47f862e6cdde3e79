import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../controller/src/clock.ts';
import { isFoghornError } from '../../controller/src/errors.ts';
import { createClusterClient, type ClusterClient } from '../../controller/src/kube/cluster.ts';
import { CALL_TIMEOUT_MS, createElector, type Elector } from '../../controller/src/kube/lease/elector.ts';
import { leases } from '../../controller/src/kube/lease/lease.ts';
import { createSilentLog } from '../../controller/src/log.ts';
import { until } from '../until.ts';
import { definitions, leaseDefinition } from './lease-definition.ts';
import { startSimulatedCluster } from './simulated-cluster.ts';

interface ElectionWorld {
  readonly kubeconfig: string;
  close(): Promise<void>;
}

/** A replica as far as the election goes. */
interface Candidate {
  readonly elector: Elector;
  readonly identity: string;
  /** Why it does not lead any more. */
  readonly lost: () => string | undefined;
  /** As if its network were gone: its calls fail, and it does not know why. */
  cutOff(): Promise<void>;
}

const NAMESPACE = 'default';
/** The time of a Lease, some for looks and calls, and a machine that is busy with other things. */
const WAIT_MS = 90_000;
const clock = systemClock;
const log = createSilentLog();

/** What candidates for a Lease do on an API server, by its versions of objects and in real time. */
function testElection(name: string, open: () => Promise<ElectionWorld>): void {
  describe(`an election on ${name}`, { timeout: 240_000 }, () => {
    const leaseName = `foghorn-test-${randomUUID()}`;
    let world: ElectionWorld;
    let candidates: readonly Candidate[] = [];
    const leading = (): readonly Candidate[] => candidates.filter(({ elector }) => elector.isHeld());
    const another = (before: Candidate | undefined): Promise<Candidate> =>
      until('another leads', WAIT_MS, () => leading().find((one) => one !== before));

    beforeAll(async () => {
      world = await open();
      candidates = ['a', 'b', 'c'].map((letter) => createCandidate(world.kubeconfig, leaseName, letter));
      for (const { elector } of candidates) elector.start();
    }, WAIT_MS);
    afterAll(async () => {
      for (const { elector, cutOff } of candidates) {
        await elector.release();
        await cutOff();
      }
      const client = createClusterClient({ kubeconfig: world.kubeconfig, clock, log });
      await client.delete(leases, NAMESPACE, leaseName);
      await client.close();
      await world.close();
    }, WAIT_MS);

    it('has one leader, whom all know', async () => {
      const leader = await another(undefined);
      const url = `http://${leader.identity}:8001`;
      await until('all know it', WAIT_MS, () =>
        candidates.every(({ elector }) => elector.leader()?.url === url) ? true : undefined,
      );
      expect(leading()).toEqual([leader]);
    });

    it('has another when the leader gives it up', async () => {
      const leader = await another(undefined);
      await leader.elector.release();
      expect(leader.elector.isHeld()).toBe(false);
      await another(leader);
    });

    it('has another when the leader is cut off, never two at one time', async () => {
      const leader = await another(undefined);
      await leader.cutOff();
      const heldTogether: number[] = [];
      const next = await until('another leads', WAIT_MS, () => {
        heldTogether.push(leading().length);
        return leading().find((one) => one !== leader);
      });
      expect(Math.max(...heldTogether)).toBe(1);
      expect(leading()).toEqual([next]);
      expect(leader.lost()).toMatch(/./);
    });
  });
}

function createCandidate(kubeconfig: string, leaseName: string, letter: string): Candidate {
  const client = createClusterClient({ kubeconfig, clock, log, callTimeoutMs: CALL_TIMEOUT_MS });
  const identity = `${letter}-${randomUUID()}`;
  let lost: string | undefined;
  const elector = createElector({
    client,
    place: { namespace: NAMESPACE, name: leaseName },
    self: { identity, url: `http://${identity}:8001` },
    onElected: () => undefined,
    onLost: (reason) => {
      lost = reason;
    },
    clock,
    log,
    random: Math.random,
  });
  return { elector, identity, lost: () => lost, cutOff: () => client.close() };
}

testElection('a simulated cluster', startSimulatedCluster);

const kubeconfigForTests = process.env['KUBECONFIG_FOR_TESTS'];
if (kubeconfigForTests !== undefined && kubeconfigForTests !== '') {
  testElection('the cluster of KUBECONFIG_FOR_TESTS', async () => {
    const client = createClusterClient({ kubeconfig: kubeconfigForTests, clock, log });
    await ensureLeases(client);
    return { kubeconfig: kubeconfigForTests, close: () => client.close() };
  });
}

/** A server of custom resources only has no Leases. */
async function ensureLeases(client: ClusterClient): Promise<void> {
  try {
    await client.list(leases, { namespace: NAMESPACE });
    return;
  } catch (thrown) {
    if (!isFoghornError(thrown, 'NotFound')) throw thrown;
  }
  await client.create(definitions, leaseDefinition);
  await until('Leases are served', WAIT_MS, () =>
    client.list(leases, { namespace: NAMESPACE }).then(
      () => true,
      () => undefined,
    ),
  );
}
