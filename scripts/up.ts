/** Builds and starts the whole system: in containers where a Docker engine answers, else as processes of this machine. */
import { parseArgs } from 'node:util';
import { checkNodeVersion } from './up/checks.ts';
import { isStackRunning, startStack } from './up/compose-stack.ts';
import { checkCompose, deniedError, findEngine, type Engine } from './up/engine.ts';
import { isLocalSystemRunning, startLocalSystem } from './up/local-system.ts';
import { runScript } from './up/progress.ts';
import { readSettings, type Settings } from './up/settings.ts';
import { summary, type Mode } from './up/summary.ts';

/**
 * A shell has these for something else: the name of its own container, the database of what is developed in it, in which
 * Foghorn would make a schema. `.env` alone decides.
 */
const FOREIGN_VARIABLES = ['CONTAINER_NAME', 'DATABASE_URL'];

async function main(): Promise<void> {
  for (const name of FOREIGN_VARIABLES) delete process.env[name];
  const { values } = parseArgs({ options: { local: { type: 'boolean', default: false } } });
  checkNodeVersion();
  const settings = await readSettings();
  if (await isLocalSystemRunning()) {
    announceRunning('local', settings);
    return;
  }
  const engine: Engine = values.local ? { state: 'absent', reason: '--local is given' } : await findEngine();
  switch (engine.state) {
    case 'denied':
      throw deniedError();
    case 'absent':
      console.log(`Starting local processes: ${engine.reason}.`);
      await startLocalSystem(settings);
      announce('local', settings);
      break;
    case 'answers':
      await upWithCompose(engine, settings);
  }
}

async function upWithCompose(engine: Extract<Engine, { state: 'answers' }>, settings: Settings): Promise<void> {
  await checkCompose();
  if (await isStackRunning()) {
    announceRunning('compose', settings);
    return;
  }
  console.log(`Docker engine ${engine.version} answers: building and starting the containers.`);
  await startStack(settings, engine.rootDirectory);
  announce('compose', settings);
}

function announce(mode: Mode, settings: Settings): void {
  console.log(`\nFoghorn is up.\n\n${summary(mode, settings)}\n`);
}

function announceRunning(mode: Mode, settings: Settings): void {
  console.log(`Foghorn is running already; nothing was changed (npm run down first, to rebuild it).\n`);
  console.log(`${summary(mode, settings)}\n`);
}

await runScript(main);
