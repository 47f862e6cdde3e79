import type { FastifyInstance } from 'fastify';

export interface ProbeRouteDeps {
  ready(): { readonly ready: true } | { readonly ready: false; readonly waitingFor: string };
  /** Text for Prometheus. */
  readonly metrics: { readonly contentType: string; render(): Promise<string> };
}

/** What machines ask: whether it lives, whether it is ready, and how it goes. */
export function probeRoutes(app: FastifyInstance, { ready, metrics }: ProbeRouteDeps): void {
  app.get('/healthz', { config: { access: 'public' } }, () => 'ok');
  app.get('/readyz', { config: { access: 'public' } }, (_request, reply) => {
    const state = ready();
    return state.ready ? 'ok' : reply.code(503).type('text/plain').send(`waiting for ${state.waitingFor}\n`);
  });
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.render()));
}
