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
const store = openStore({ file: join(dataDir, 'objects.db'), clock });
const api = createApi({ store, kinds, clock, admission: createAdmission({ kinds, validators: {} }) });
const server = await createApiServer(
  { host: '127.0.0.1', port: Number(values.port), dataDir, url: `https://127.0.0.1:${values.port}`, version: 'test' },
  { api, kinds, clock, log, isReady: () => true },
);
const { port } = await server.start();
process.stdout.write(`serving on ${port}\n`);
process.on('SIGTERM', () => {
  server
    .stop()
    .then(store.close)
    .then(
      () => process.exit(0),
      () => process.exit(1),
    );
});
