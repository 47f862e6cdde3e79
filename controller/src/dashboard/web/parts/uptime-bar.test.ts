import { expect, it } from 'vitest';
import { shareText } from './uptime-bar.tsx';

it.each([
  [1, '100%'],
  [0.99999, '99.99%'],
  [0.9951, '99.51%'],
  [0.954, '95.4%'],
  [0, '0.0%'],
])('%s is %s', (share, text) => {
  expect(shareText(share)).toBe(text);
});
