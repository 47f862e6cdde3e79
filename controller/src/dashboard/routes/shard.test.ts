import { expect, it } from 'vitest';
import { REPLICA_HEADER, replicaKey, signReplica, type ReplicaClaim } from '../access/replica-key.ts';
import { at, json, serve, signIn, withPasswords } from '../access/test-dashboard.ts';
import { shardRoutes } from './shard.ts';

const key = replicaKey(withPasswords, undefined);
const path = '/replica/summaries';

async function createMember() {
  const dashboard = await serve(withPasswords, undefined, key);
  const asked: (readonly string[])[] = [];
  shardRoutes(dashboard.app, {
    path,
    maxNodes: 3,
    async *answer(nodes) {
      asked.push(nodes);
      for (const node of nodes) yield JSON.stringify({ node });
    },
  });
  const post = (body: unknown, headers: Readonly<Record<string, string>>) =>
    dashboard.app.inject({
      method: 'POST',
      url: path,
      headers: { ...at, ...json, ...headers },
      payload: JSON.stringify(body),
    });
  const signed = (claim: ReplicaClaim) => ({
    [REPLICA_HEADER]: signReplica(key, claim, { method: 'POST', path, now: dashboard.clock.now() }),
  });
  return { ...dashboard, asked, post, signed };
}

const leader: ReplicaClaim = { kind: 'member', name: 'foghorn-0' };

it('answers the leader a line for each node', async () => {
  const { post, signed, asked } = await createMember();
  const answer = await post({ nodes: ['a', 'b'] }, signed(leader));
  expect(answer.statusCode).toBe(200);
  expect(answer.body).toBe('{"node":"a"}\n{"node":"b"}\n');
  expect(asked).toEqual([['a', 'b']]);
});

it('answers nobody else, signed in or not', async () => {
  const { app, post, signed, asked } = await createMember();
  const nodes = ['a'];
  const { cookie, csrf } = await signIn(app, 'operator pass');
  const operator: ReplicaClaim = { kind: 'user', identity: { kind: 'proxy', user: 'alice', role: 'operate' } };
  expect((await post({ nodes }, {})).statusCode).toBeGreaterThanOrEqual(401);
  expect((await post({ nodes }, { cookie, 'x-csrf-token': csrf })).statusCode).toBeGreaterThanOrEqual(401);
  expect((await post({ nodes }, signed(operator))).statusCode).toBeGreaterThanOrEqual(401);
  expect(asked).toEqual([]);
});

it.each([[{ nodes: [] }], [{ nodes: ['a', 'b', 'c', 'd'] }], [{ nodes: ['x'.repeat(254)] }], [{}], [[]]])(
  'refuses %j',
  async (body) => {
    const { post, signed, asked } = await createMember();
    expect((await post(body, signed(leader))).statusCode).toBe(400);
    expect(asked).toEqual([]);
  },
);
