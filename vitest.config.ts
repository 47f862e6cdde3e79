import type { ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = {
  test: {
    include: [
      'controller/**/*.test.{ts,tsx}',
      'webapp/**/*.test.ts',
      'loadgen/**/*.test.ts',
      'e2e/**/*.test.ts',
      'scripts/**/*.test.ts',
      'docker/**/*.test.ts',
      '*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    environment: 'node',
    testTimeout: 10_000,
    reporters: ['default', './e2e/summary-reporter.ts'],
  },
};

export default config;
