/** Makes a cluster with kind, and runs the whole system in it. */
import { mkdir } from 'node:fs/promises';
import { checkPortFree } from '../up/checks.ts';
import { buildImages, prepareBaseImages } from '../up/compose-stack.ts';
import { DASHBOARD_PORT, logDirectory, SES_PORT, WEBAPP_PORT } from '../up/places.ts';
import { runScript, step } from '../up/progress.ts';
import {
  applyManifests,
  approveServingCertificates,
  createCluster,
  loadImages,
  restart,
  waitForRollouts,
} from './cluster.ts';
import { provideDatabasePassword, providePassword } from './password.ts';
import { checkTools, isClusterThere } from './tools.ts';

const images = [
  'foghorn-controller',
  'foghorn-webapp',
  'foghorn-ses-sandbox',
  'foghorn-loadgen',
  'postgres:15-bookworm',
];
const ours = [
  { namespace: 'foghorn', workload: 'deployment/mailbox' },
  { namespace: 'foghorn-sample', workload: 'deployment/webapp' },
  { namespace: 'foghorn', workload: 'deployment/foghorn-controller' },
];
const databases = [
  { namespace: 'foghorn-sample', workload: 'statefulset/db' },
  { namespace: 'foghorn', workload: 'statefulset/foghorn-database' },
];

async function main(): Promise<void> {
  await checkTools();
  const wasThere = await isClusterThere();
  if (!wasThere) {
    for (const port of [WEBAPP_PORT, DASHBOARD_PORT, SES_PORT]) await checkPortFree(port, '127.0.0.1');
  }
  await mkdir(logDirectory, { recursive: true });
  await prepareBaseImages();
  await buildImages(['controller', 'webapp', 'ses', 'load']);
  if (!wasThere) await step('making the cluster', createCluster);
  await step("approving the kubelets' certificates", approveServingCertificates);
  await step('loading the images', () => loadImages(images));
  await step('applying the manifests', applyManifests);
  await provideDatabasePassword();
  const password = await providePassword();
  if (wasThere) await restart(ours);
  await step('waiting for the pods', () => waitForRollouts([...databases, ...ours]));
  console.log(`
Foghorn runs in the cluster kind-foghorn.

  dashboard    http://localhost:${DASHBOARD_PORT}  (password: ${password})
  application  http://localhost:${WEBAPP_PORT}
  mails        http://localhost:${SES_PORT}  (sandbox: nothing leaves the cluster)
  policies     kubectl --context kind-foghorn get foghorn -A
  output       kubectl --context kind-foghorn -n foghorn logs -f deployment/foghorn-controller
  stop         npm run kind:down
`);
}

await runScript(main);
