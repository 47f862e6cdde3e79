import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { events } from '../../controller/src/kube/client.ts';
import { NAMESPACE } from '../cluster/simulated-cluster.ts';
import { until } from '../until.ts';
import type { Replica } from './replica.ts';
import { openReplicas, type Replicas } from './replicas.ts';

const WAIT_MS = 90_000;

/** What breaks, in the order of the tests. */
const containers = [
  'before-kill',
  'crashed-before',
  'crashed-meanwhile',
  'during-kill',
  'after-kill',
  'during-freeze',
  'after-freeze',
  'during-cut',
  'after-cut',
  'before-stop',
  'during-stop',
  'after-acceptance',
] as const;

const writesOf = ({ api, ses }: Replica): number =>
  api.requests.filter((request) => !request.startsWith('GET ')).length + ses.requests();

/** Replicas of one controller through a life: the tests are steps, in this order. */
describe('several replicas', { timeout: 300_000 }, () => {
  let replicas: Replicas;

  beforeAll(async () => {
    replicas = await openReplicas(containers);
    await Promise.all([replicas.start('foghorn-0'), replicas.start('foghorn-1')]);
  }, 240_000);
  afterAll(async () => {
    await replicas?.close();
  }, 120_000);

  it('that start at the same instant have one leader, and a follower that shows what it sees', async () => {
    await replicas.breakDown('before-kill');
    await replicas.noted('before-kill');
    const follower = await replicas.follower();
    expect(follower.ses.requests()).toBe(0);
    await until('the page of the follower', WAIT_MS, async () => {
      const state = JSON.stringify(await follower.get('/api/state'));
      return state.includes('before-kill') ? true : undefined;
    });
    expect(await metric(follower)).toContain('{name="foghorn-controller"} 0');
    expect(await metric(await replicas.leader())).toContain('{name="foghorn-controller"} 1');
  });

  it('go on when their leader is killed', async () => {
    const first = await replicas.leader();
    await replicas.crash('crashed-before');
    await replicas.noted('crashed-before');
    first.signal('SIGKILL');
    await replicas.crash('crashed-meanwhile');
    await replicas.breakDown('during-kill');
    await replicas.noted('during-kill');
    await replicas.noted('crashed-meanwhile');
    await replicas.breakDown('after-kill');
    await replicas.noted('after-kill');
    expect(await replicas.leader()).not.toBe(first);
    await replicas.start(first.name);
  });

  it('are not disturbed by a leader that stood still and wakes', async () => {
    const frozen = await replicas.leader();
    frozen.signal('SIGSTOP');
    await replicas.breakDown('during-freeze');
    await replicas.noted('during-freeze');
    expect(await replicas.leader()).not.toBe(frozen);
    const writes = writesOf(frozen);
    await replicas.breakDown('after-freeze');
    frozen.signal('SIGCONT');
    expect(await frozen.ended()).toBe(1);
    await replicas.noted('after-freeze');
    expect(writesOf(frozen)).toBe(writes);
    await until('it says why it ends', WAIT_MS, () => frozen.log().at(-1)?.includes('no longer leads') || undefined);
    await replicas.start(frozen.name);
  });

  it('are not disturbed by a leader that is cut off from the API server', async () => {
    const cut = await replicas.leader();
    const sent = cut.ses.requests();
    cut.api.cut();
    replicas.exhaust('during-cut');
    expect(await cut.ended()).toBe(1);
    expect(cut.ses.requests()).toBe(sent);
    await replicas.noted('during-cut');
    await replicas.breakDown('after-cut');
    await replicas.noted('after-cut');
    await replicas.start(cut.name);
  });

  it('hand over when their leader stops in order, without the time of its Lease', async () => {
    const leaving = await replicas.leader();
    await replicas.breakDown('before-stop');
    await replicas.noted('before-stop');
    leaving.signal('SIGTERM');
    await replicas.breakDown('during-stop');
    expect(await leaving.ended()).toBe(0);
    // It gave the Lease up: nobody had to wait until it had run out.
    expect(await replicas.holder()).not.toContain(leaving.name);
    await replicas.noted('during-stop');
  });

  it('repeat a mail whose sender was killed before it could say that SES took it', async () => {
    const first = await replicas.leader();
    await replicas.start('foghorn-2');
    first.ses.behave(() => ({ kind: 'acceptSilently' }));
    await replicas.breakDown('after-acceptance');
    await replicas.told('after-acceptance');
    first.signal('SIGKILL');
    const both = await until('the mail again', WAIT_MS, () => {
      const found = replicas.mails().filter(({ subject }) => subject.includes('after-acceptance'));
      return found.length === 2 ? found : undefined;
    });
    expect(new Set(both.map(({ headers }) => headers.get('message-id'))).size).toBe(1);
  });

  it('say in events who leads', async () => {
    const said = await until('the events', WAIT_MS, async () => {
      const { items } = await replicas.cluster.client.list(events, { namespace: NAMESPACE });
      const of = items.filter((event) => JSON.stringify(event).includes('"LeaderElection"'));
      return of.length >= 5 ? of : undefined;
    });
    expect(JSON.stringify(said)).toContain('became leader');
  });

  it('have told each once, but for the one that was repeated', () => {
    const told = replicas.mails().map(({ subject }) => containers.find((name) => subject.includes(name)) ?? subject);
    expect(told.toSorted()).toEqual([...containers, 'after-acceptance'].toSorted());
  });
});

async function metric(replica: Replica): Promise<string> {
  const text = await replica.text('/metrics');
  return text.split('\n').find((line) => line.startsWith('leader_election_master_status')) ?? '';
}
