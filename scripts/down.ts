/** Stops the system, in whichever way it runs; with --volumes its data goes too. */
import { parseArgs } from 'node:util';
import { stopStack } from './up/compose-stack.ts';
import { findEngine } from './up/engine.ts';
import { stopLocalSystem } from './up/local-system.ts';
import { runScript } from './up/progress.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { volumes: { type: 'boolean', short: 'v', default: false } } });
  const local = await stopLocalSystem(values.volumes);
  const engine = await findEngine();
  const stack = engine.state === 'answers' && (await stopStack(values.volumes));
  console.log(local || stack ? 'Foghorn is stopped.' : 'Foghorn was not running.');
  if (values.volumes) console.log('Its data is removed; the log files in logs/ are kept.');
}

await runScript(main);
