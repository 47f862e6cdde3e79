import { resourceClientContract } from '../kube/client-contract.ts';
import { createEmbeddedClient } from './embedded-client.ts';
import { openTestApi } from './test-api.ts';

resourceClientContract('embedded API', async () => {
  const { api, store } = await openTestApi();
  return {
    client: createEmbeddedClient({ api, fieldManager: 'foghorn-controller' }),
    close: async () => store.close(),
  };
});
