import { buildReport } from './builders.ts';
import { createFakeLauncher } from './fake-launcher.ts';
import { testLauncher } from './launcher-contract.ts';

testLauncher('fake', async () => {
  const fake = createFakeLauncher();
  return {
    url: 'http://webapp',
    open: () => fake,
    complete: (_launcher, { id }, requests) => {
      const report = buildReport({ requests });
      fake.set(id, { state: { kind: 'ended', code: 0, reason: 'exit code 0' }, output: { report } });
    },
    close: async () => undefined,
  };
});
