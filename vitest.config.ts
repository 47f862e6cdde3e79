import type { ViteUserConfig } from 'vitest/config';

/** One Compose stack, with fixed names and ports: its files run one after the other, when all others are done. */
const stackTests = ['e2e/stack/**/*.test.ts', 'e2e/dashboard/**/*.test.ts'];
const notOurs = ['**/node_modules/**', '**/dist/**'];
/** For what hangs, not for what is slow: a machine may be busy with other things. What must be soon is said by fake clocks. */
const limits = { testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 30_000 } } } as const;
/** Images, containers and a browser start and end in tests and their hooks. */
const stackLimits = { ...limits, testTimeout: 240_000, hookTimeout: 240_000 } as const;

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
          // Not 0: of two cores one is for tests, and a group 0 with one worker would come last.
          sequence: { groupOrder: 1 },
          ...limits,
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
          sequence: { groupOrder: 2 },
          ...stackLimits,
        },
      },
    ],
  },
};

export default config;
