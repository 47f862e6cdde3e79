/** The smallest server there is, which notes when each request arrives. Tells its port, then answers the questions of its parent. */
import { createServer } from 'node:http';
import type { Answer, Question } from './arrivals.ts';

/** Two minutes of the highest rate; more arrivals are counted only. */
const MAX_NOTED = 16_000_000;

const arrivals = new Float64Array(MAX_NOTED);
let count = 0;

const server = createServer((_request, response) => {
  if (count < MAX_NOTED) arrivals[count] = performance.now();
  count += 1;
  response.end('ok');
});

function answer(question: Question): Answer {
  const atMs = performance.now();
  if (question.kind === 'count') return { kind: 'counted', atMs, count };
  const last = arrivals.subarray(Math.max(count - question.last, 0), count);
  return { kind: 'arrivals', arrivalsMs: [...last] };
}

process.on('message', (question: Question) => {
  process.send?.(answer(question));
  if (question.kind === 'arrivals') count = 0;
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) process.send?.({ kind: 'ready', port: address.port });
});
