import { describe, expect, it } from 'vitest';
import { formatInstant, formatSpan } from './format-time.ts';

describe('formatSpan', () => {
  it.each([
    [-5, '0 s'],
    [45_999, '45 s'],
    [60_000, '1 m'],
    [12 * 60_000 + 59_000, '12 m'],
    [3_600_000, '1 h'],
    [11_100_000, '3 h 5 m'],
    [86_400_000, '1 d'],
    [187_200_000, '2 d 4 h'],
  ])('writes %d ms as %s', (durationMs, text) => {
    expect(formatSpan(durationMs)).toBe(text);
  });
});

describe('formatInstant', () => {
  it.each([
    ['UTC', '2026-01-13 00:00:00 UTC'],
    ['Europe/Berlin', '2026-01-13 01:00:00 UTC+01:00 (Europe/Berlin)'],
    ['Etc/UTC', '2026-01-13 00:00:00 UTC'],
    ['Etc/Unknown', '2026-01-13 00:00:00 UTC'],
    ['', '2026-01-13 00:00:00 UTC'],
    ['Asia/Kolkata', '2026-01-13 05:30:00 UTC+05:30 (Asia/Kolkata)'],
    ['America/New_York', '2026-01-12 19:00:00 UTC-05:00 (America/New_York)'],
  ])('writes midnight in %s as %s', (timeZone, text) => {
    expect(formatInstant(Date.UTC(2026, 0, 13), timeZone)).toBe(text);
  });
});
