import manifest from '../../package.json' with { type: 'json' };
import type { DockerView } from '../apiserver/docker-view/docker-view.ts';
import { serveView } from '../apiserver/docker-view/serve-view.ts';
import { createApiServer, type ApiServerDeps } from '../apiserver/http/server.ts';
import { serveNewEvents } from '../apiserver/new-events.ts';
import { publish, type PublishDeps } from '../apiserver/publish.ts';
import type { ApiConfig } from '../config.ts';
import { isFoghornError } from '../errors.ts';
import type { Problems } from '../problems.ts';

/** The Kubernetes API as kubectl reaches it. */
export interface ApiFace {
  /** Where its port is taken the rest goes on without it, and says so. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

interface Deps extends Omit<ApiServerDeps, 'podLogs'>, PublishDeps {
  readonly problems: Problems;
  readonly pkiDir: string;
  /** Hosts and containers as nodes and pods; undefined where they are not to be seen. */
  readonly view: DockerView | undefined;
}

/** Without a config it serves nothing. */
export async function createApiFace(config: ApiConfig | undefined, deps: Deps): Promise<ApiFace> {
  if (config === undefined) return { start: async () => undefined, stop: async () => undefined };
  let stopPublishing: (() => void) | undefined;
  const { view, pkiDir } = deps;
  const known = serveNewEvents(deps);
  const served = view === undefined ? known : { ...serveView(known, view.kinds), podLogs: view.podLogs };
  const server = await createApiServer({ ...config, pkiDir, version: manifest.version }, { ...deps, ...served });
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
