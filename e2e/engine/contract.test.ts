import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach } from 'vitest';
import { describeRuntimeContract } from '../../controller/src/collect/runtime-contract.ts';
import { requireEngine, skipUnless } from '../requirements.ts';
import { createDockerCli } from './docker-cli.ts';
import { watch, type StatsSource } from './watching.ts';

beforeEach((context) => {
  skipUnless(context, requireEngine());
});

const sources: readonly StatsSource[] = ['engine-api', 'auto'];

for (const source of sources) {
  let tests = 0;
  describeRuntimeContract(`docker, real engine, ${source}`, async () => {
    tests += 1;
    const prefix = `fh-engine-${process.pid}-${source}-${tests}-`;
    const cli = createDockerCli(prefix);
    const { runtime } = watch('unix:///var/run/docker.sock', source);
    return {
      runtime,
      prefix,
      now: () => Date.now(),
      pass: (ms) => sleep(ms),
      run: (name) => cli.run(name, 'exec sleep 1000'),
      crash: async (name) => {
        process.kill(Number(await cli.docker('inspect', '--format', '{{.State.Pid}}', name)), 'SIGKILL');
      },
      startAgain: async (name) => {
        await cli.docker('start', name);
      },
      stop: async (name) => {
        await cli.docker('stop', '--time', '1', name);
      },
      remove: async (name) => {
        await cli.docker('rm', '--force', name);
      },
      dispose: () => cli.removeAll().catch(() => undefined),
    };
  });
}
