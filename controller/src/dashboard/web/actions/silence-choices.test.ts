import { expect, it } from 'vitest';
import { silenceEnd } from './silence-choices.ts';

it('ends a silence after hours, or at eight tomorrow by the local clock', () => {
  const now = new Date(2026, 10, 22, 23, 30).getTime();
  expect(silenceEnd('1h', now) - now).toBe(3_600_000);
  expect(silenceEnd('4h', now) - now).toBe(4 * 3_600_000);
  expect(silenceEnd('tomorrow', now)).toBe(new Date(2026, 10, 23, 8).getTime());
  expect(silenceEnd('tomorrow', new Date(2026, 10, 22, 0, 5).getTime())).toBe(new Date(2026, 10, 23, 8).getTime());
});
