import type { ViteUserConfig } from 'vitest/config';

/** One Compose stack, with fixed names and ports: its files run one after the other, when all others are done. */
const stackTests = ['e2e/stack/**/*.test.ts', 'e2e/dashboard/**/*.test.ts'];
const notOurs = ['**/node_modules/**', '**/dist/**'];

const config: ViteUserConfig = {
  test: {
    reporters: ['default', './e2e/summary-reporter.ts'],
    projects: [
      {
        test: {
          name: 'parts',
          include: [
            'controller/**/*.test.{ts,tsx}',
            'webapp/**/*.test.ts',
            'loadgen/**/*.test.ts',
            'e2e/**/*.test.ts',
            'scripts/**/*.test.ts',
            'docker/**/*.test.ts',
            '*.test.ts',
          ],
          exclude: [...notOurs, ...stackTests],
          environment: 'node',
          testTimeout: 10_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'stack',
          include: stackTests,
          exclude: notOurs,
          environment: 'node',
          globalSetup: './e2e/stack/global-setup.ts',
          fileParallelism: false,
          testTimeout: 120_000,
          // A page is waited for as long as a busy machine may need; the usual second is for what happens in this process.
          expect: { poll: { timeout: 10_000 } },
          // Images, containers and a browser start and end in hooks.
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
};

export default config;
