import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { createFakeClock } from '../../fake-clock.ts';
import { createLog } from '../../log.ts';
import { createRefusals } from './refusals.ts';

function tellRefusals() {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const clock = createFakeClock();
  return { lines, clock, refused: createRefusals({ clock, log: createLog({ level: 'info', destination }) }) };
}

const request = { method: 'GET', url: '/api', body: new Uint8Array(), address: '10.0.0.9' };
const authorization = 'Bearer guess';

it('tells of refused tokens at once, and then once a minute with their number', async () => {
  const { lines, clock, refused } = tellRefusals();
  for (let count = 0; count < 100; count += 1) refused({ ...request, headers: { authorization } });
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: 'warn', address: '10.0.0.9', requests: 1 }]);
  await clock.advance(60_000);
  refused({ ...request, headers: { authorization } });
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ requests: 1 }, { requests: 100 }]);
});

it('is one short line whatever the client calls itself, and has no token in it', () => {
  const { lines, refused } = tellRefusals();
  refused({
    ...request,
    headers: { authorization, 'user-agent': `kubectl\n{"level":"info"}\u001B[2J${'x'.repeat(5000)}` },
  });
  expect(lines).toHaveLength(1);
  expect(lines[0]?.trimEnd()).toMatch(/^[^\p{Cc}]{1,300}$/u);
  expect(lines[0]).not.toContain('guess');
});
