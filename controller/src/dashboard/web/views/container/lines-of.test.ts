import { expect, it } from 'vitest';
import { linesOf } from './lines-of.ts';

const lines = [
  '2024-01-13 10:30:00 | CPU: 45.2% | Memory: 52.1% | Latency: 0.234s | Container: web',
  '2024-01-13 10:30:00 | CPU: 45.2% | Memory: 52.1% | Latency: 0.234s | Container: webapp',
  '2024-01-13 10:30:00 | CPU: 45.2% | Memory: 52.1% | Latency: 0.234s | Container: web | Host: other',
  '2024-01-13 10:30:00 | Container: UP | HTTP: 200 | Name: web | Restarts: 0',
];

it('finds the lines of one container, by its whole name and its host', () => {
  expect(linesOf(lines, { file: 'metrics', name: 'web', host: 'local' })).toEqual([lines[0]]);
  expect(linesOf(lines, { file: 'metrics', name: 'web', host: 'other' })).toEqual([lines[0], lines[2]]);
  expect(linesOf(lines, { file: 'status', name: 'web', host: 'local' })).toEqual([lines[3]]);
});
