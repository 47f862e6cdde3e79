import manifest from '../package.json' with { type: 'json' };
import { createApiServer, type ApiServerDeps } from './apiserver/http/server.ts';
import { publish, type PublishDeps } from './apiserver/publish.ts';
import type { ApiConfig } from './config.ts';
import { isFoghornError } from './errors.ts';
import type { Problems } from './problems.ts';

/** The Kubernetes API as kubectl reaches it. */
export interface ApiFace {
  /** Where its port is taken the rest goes on without it, and says so. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

interface Deps extends ApiServerDeps, PublishDeps {
  readonly problems: Problems;
  readonly pkiDir: string;
}

/** Without a config it serves nothing. */
export async function createApiFace(config: ApiConfig | undefined, deps: Deps): Promise<ApiFace> {
  if (config === undefined) return { start: async () => undefined, stop: async () => undefined };
  let stopPublishing: (() => void) | undefined;
  const server = await createApiServer({ ...config, pkiDir: deps.pkiDir, version: manifest.version }, deps);
  return {
    async start() {
      stopPublishing = publish(deps);
      try {
        const { port } = await server.start();
        deps.log.info({ port, kubeconfig: config.kubeconfigFile }, 'kubectl can be used');
      } catch (thrown) {
        if (!isFoghornError(thrown, 'InvalidConfig')) throw thrown;
        deps.problems.raise('api', 'ApiNotServed', thrown.message);
      }
    },
    async stop() {
      await server.stop();
      stopPublishing?.();
    },
  };
}
