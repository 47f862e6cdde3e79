import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../../fake-clock.ts';
import { object } from '../../json.ts';
import type { NodeFacts } from '../decode/node.ts';
import { KubeletError } from '../failure.ts';
import type { Kubelets } from '../kubelet.ts';
import { createShardMember } from './member.ts';
import { simulatedNode } from './simulated-shards.ts';

const { signal } = new AbortController();

function createMember(known: readonly string[], summary: Kubelets['summary']) {
  const clock = createFakeClock();
  const find = (name: string): NodeFacts | undefined => (known.includes(name) ? simulatedNode(name) : undefined);
  return { clock, member: createShardMember({ kubelets: { summary, close: async () => undefined }, find, clock }) };
}

async function linesOf(lines: AsyncIterable<string>): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  for await (const line of lines) all.push(JSON.parse(line));
  return all;
}

const empty = { source: 'kubelet', clockMs: 0, samples: new Map() } as const;

describe('a member', () => {
  it('tells of each node, of one that it cannot ask why', async () => {
    const { member } = createMember(['a', 'b'], async ({ name }) => {
      if (name === 'b') throw new KubeletError('refused', 'nobody listens');
      return empty;
    });
    const answers = await linesOf(member.answer(['a', 'b'], signal));
    expect(answers).toContainEqual({ node: 'a', source: 'kubelet', clockMs: 0, samples: [] });
    expect(answers).toContainEqual({ node: 'b', fault: 'refused', message: 'nobody listens' });
  });

  it('asks no node that the API server does not list', async () => {
    const asked: string[] = [];
    const { member } = createMember(['a'], async ({ name }) => {
      asked.push(name);
      return empty;
    });
    const answers = await linesOf(member.answer(['a', '169.254.169.254'], signal));
    expect(asked).toEqual(['a']);
    expect(answers.map((answer) => object(answer)['fault'])).toContain('noRoute');
  });

  it('holds up no node for one that is slow', async () => {
    const { member, clock } = createMember(['slow', 'quick'], async ({ name }, ended) => {
      if (name === 'slow') await clock.sleep(60_000, ended);
      return empty;
    });
    const lines = member.answer(['slow', 'quick'], signal);
    expect(JSON.parse((await lines.next()).value ?? '')).toMatchObject({ node: 'quick' });
    const slow = lines.next();
    await clock.advance(3000);
    expect(JSON.parse((await slow).value ?? '')).toMatchObject({ node: 'slow', fault: 'timeout' });
    expect((await lines.next()).done).toBe(true);
  });
});
