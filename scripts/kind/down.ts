/** Removes the cluster that kind:up made, with all that is in it. */
import { runScript, step } from '../up/progress.ts';
import { forgetPassword } from './password.ts';
import { checkTools, CLUSTER, isClusterThere, kind } from './tools.ts';

async function main(): Promise<void> {
  await checkTools();
  const wasThere = await isClusterThere();
  if (wasThere) await step('removing the cluster', () => kind(['delete', 'cluster', '--name', CLUSTER]));
  await forgetPassword();
  console.log(wasThere ? 'The cluster is removed.' : `There is no cluster ${CLUSTER}.`);
}

await runScript(main);
