/**
 * Serves the embedded API alone, without the rest of the controller, on a new folder: what the recorded cases run against.
 *   node e2e/kubectl/serve.ts --crds FOLDER --data FOLDER [--port 6444] [--tokens FILE]
 */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createAdmission } from '../../controller/src/apiserver/admission.ts';
import { createApi } from '../../controller/src/apiserver/api.ts';
import { createApiServer } from '../../controller/src/apiserver/http/server.ts';
import { loadKinds } from '../../controller/src/apiserver/kinds.ts';
import { serveNewEvents } from '../../controller/src/apiserver/new-events.ts';
import { publish } from '../../controller/src/apiserver/publish.ts';
import { createSealedStore } from '../../controller/src/apiserver/sealed-store.ts';
import { loadSealKey } from '../../controller/src/apiserver/http/seal-key.ts';
import { openStore } from '../../controller/src/apiserver/store.ts';
import { systemClock } from '../../controller/src/clock.ts';
import { createLog } from '../../controller/src/log.ts';

const { values } = parseArgs({
  options: {
    crds: { type: 'string', default: join(import.meta.dirname, '../../crds') },
    data: { type: 'string' },
    port: { type: 'string', default: '6444' },
    tokens: { type: 'string' },
  },
});
const dataDir = values.data;
if (dataDir === undefined) throw new Error('--data FOLDER is required');
mkdirSync(join(dataDir, 'pki'), { recursive: true });
if (values.tokens !== undefined) copyFileSync(values.tokens, join(dataDir, 'pki/tokens.csv'));

const log = createLog({ level: 'warn' });
const clock = systemClock;
const kinds = await loadKinds(values.crds);
const sealKey = await loadSealKey(join(dataDir, 'pki/secrets.key'));
const store = createSealedStore(openStore({ file: join(dataDir, 'objects.db'), clock }), sealKey);
const api = createApi({ store, kinds, clock, admission: createAdmission({ kinds, validators: {} }) });
const stopNamespaces = publish({ api, store, kinds, fieldManager: 'foghorn-controller', clock });
const server = await createApiServer(
  {
    host: '127.0.0.1',
    port: Number(values.port),
    pkiDir: join(dataDir, 'pki'),
    kubeconfigFile: join(dataDir, 'kubeconfig'),
    url: `https://127.0.0.1:${values.port}`,
    version: 'test',
  },
  { ...serveNewEvents({ api, kinds }), clock, log, isReady: () => true },
);
const { port } = await server.start();
process.stdout.write(`serving on ${port}\n`);
async function stop(): Promise<void> {
  await server.stop();
  stopNamespaces();
  store.close();
}

process.on('SIGTERM', () => {
  stop().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
