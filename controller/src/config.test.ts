import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';

describe('DATABASE_URL', () => {
  it.each([
    ['postgres://foghorn:secret@database:5432/foghorn'],
    ['postgresql://foghorn:s%2Fcret@10.0.0.1/foghorn?sslmode=verify-full'],
    ['postgres:///foghorn?host=/var/run/postgresql'],
  ])('takes %s', (address) => {
    expect(loadConfig({ DATABASE_URL: address }).databaseUrl).toBe(address);
  });

  it('is off by default', () => {
    expect(loadConfig({ DATABASE_URL: '' }).databaseUrl).toBeUndefined();
  });

  it.each([['mysql://foghorn:s3cret@database/x'], ['postgres://foghorn:s3cret/x@database:port/x'], ['s3cret']])(
    'refuses %s without repeating it',
    (address) => {
      expect(() => loadConfig({ DATABASE_URL: address })).toThrow(/DATABASE_URL: it is not postgres/);
      expect(() => loadConfig({ DATABASE_URL: address })).not.toThrow(/s3cret/);
    },
  );
});

describe('DASHBOARD_URL', () => {
  it.each([
    ['https://page.example.org/foghorn', 'https://page.example.org/foghorn'],
    ['https://ann:s3cret@page.example.org/foghorn', 'https://page.example.org/foghorn'],
  ])('goes into mails and calls to others, so of %s only %s is taken', (address, expected) => {
    expect(loadConfig({ DASHBOARD_URL: address }).dashboard.url).toBe(expected);
  });
});
