import { describe, expect, it } from 'vitest';
import { signIn } from '../access/test-dashboard.ts';
import { startReplicas, type TestReplicas } from './test-replicas.ts';

interface Asked {
  readonly path: string;
  readonly body?: unknown;
}

const target = 'local/project-0/service-0000/1';
const yaml = 'a: 1\n';

/** One request for each route of the leader; a route that is not here fails the test. */
const asked: Readonly<Record<string, readonly Asked[]>> = {
  'GET *': [{ path: '/' }, { path: '/page.js' }, { path: '/nothing' }],
  'GET /status': [{ path: '/status' }],
  'GET /healthz': [{ path: '/healthz' }],
  'GET /readyz': [{ path: '/readyz' }],
  'GET /api/session': [{ path: '/api/session' }],
  'GET /api/state': [{ path: '/api/state' }],
  'GET /api/metrics': [{ path: '/api/metrics' }],
  'GET /api/logs': [{ path: '/api/logs?file=metrics&limit=5' }, { path: '/api/logs' }],
  'GET /api/history': [
    { path: `/api/history?target=${target}&metric=cpu` },
    { path: `/api/history?target=${target}&metric=cpu&from=2&to=1` },
    { path: '/api/history' },
  ],
  'GET /api/status-page': [{ path: '/api/status-page' }],
  'GET /api/container': [{ path: `/api/container?target=${target}` }, { path: '/api/container?target=nobody' }],
  'GET /api/container/marks': [{ path: `/api/container/marks?target=${target}` }, { path: '/api/container/marks' }],
  'GET /api/uptime': [{ path: `/api/uptime?targets=${target}` }],
  'GET /api/policies': [{ path: '/api/policies' }],
  'GET /api/policy': [{ path: '/api/policy?key=default/web' }, { path: '/api/policy?key=default/none' }],
  'GET /api/schema': [{ path: '/api/schema?kind=MonitorPolicy' }],
  'GET /api/alerts': [{ path: '/api/alerts' }, { path: '/api/alerts?from=2&to=1' }],
  'GET /api/silences': [{ path: '/api/silences' }],
  'GET /api/load-tests': [{ path: '/api/load-tests' }],
  'GET /api/load-test': [{ path: '/api/load-test?key=default/none' }],
  'GET /api/load-tests/samples': [{ path: '/api/load-tests/samples' }],
  'GET /api/mails': [{ path: '/api/mails' }],
  'GET /api/mails/:id/html': [{ path: '/api/mails/known/html' }, { path: '/api/mails/none/html' }],
  'POST /api/policies/check': [{ path: '/api/policies/check', body: { yaml } }],
  'POST /api/policies/preview': [{ path: '/api/policies/preview', body: { yaml, hours: 1 } }],
  'PUT /api/policies': [
    { path: '/api/policies', body: { yaml } },
    { path: '/api/policies', body: 'no object' },
    { path: '/api/policies', body: { yaml: 'y'.repeat(150_000) } },
    { path: '/api/policies', body: { yaml: 'y'.repeat(600_000) } },
  ],
  'DELETE /api/policies': [{ path: '/api/policies?key=default/web' }, { path: '/api/policies?key=none' }],
  'POST /api/alerts/acknowledge': [
    { path: '/api/alerts/acknowledge', body: { key: 'a', acknowledged: true } },
    { path: '/api/alerts/acknowledge', body: { key: 'x'.repeat(100_000), acknowledged: true } },
    { path: '/api/alerts/acknowledge', body: {} },
  ],
  'POST /api/silences': [{ path: '/api/silences', body: { target, durationMs: 60_000, comment: 'deploy' } }],
  'DELETE /api/silences': [{ path: '/api/silences?name=default/one' }],
  'POST /api/load-tests': [{ path: '/api/load-tests', body: { sample: 'smoke' } }],
  'POST /api/load-tests/stop': [{ path: '/api/load-tests/stop', body: { key: 'default/smoke' } }],
  'POST /api/mails/test': [{ path: '/api/mails/test', body: {} }],
  'POST /api/live/:stream/screen': [{ path: '/api/live/none/screen', body: { ids: [] } }],
};

/** Routes that each replica answers in its own way, or that are streams; they have tests of their own. */
const apart = ['GET /metrics', 'GET /api/live', 'GET /api/container/log', 'POST /api/session', 'DELETE /api/session'];

/** What the server says of the connection and not of the answer. */
const ofTheConnection = ['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding'];

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function ask(
  url: string,
  method: string,
  { path, body }: Asked,
  signedIn: { readonly cookie: string; readonly csrf: string },
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      cookie: signedIn.cookie,
      'x-csrf-token': signedIn.csrf,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const headers = [...response.headers].filter(([name]) => !ofTheConnection.includes(name));
  return { status: response.status, body: await response.text(), headers: Object.fromEntries(headers) };
}

/** `GET /api/state` and the like, of all that the server has: its tree has the pieces of addresses. */
function routesOf({ leader }: TestReplicas): readonly string[] {
  const pieces: string[] = [];
  const lines = leader.app.printRoutes({ commonPrefix: false, includeHooks: false }).split('\n');
  return lines.flatMap((line) => {
    const [, indent = '', piece = '', methods = ''] = /^(.*?)[├└]── (\S+)(?: \((.+)\))?$/.exec(line) ?? [];
    const depth = indent.length / 4;
    pieces.splice(depth, pieces.length, piece);
    const all = methods.split(', ').filter((method) => !['', 'HEAD', 'OPTIONS'].includes(method));
    return all.map((method) => `${method} ${pieces.join('')}`);
  });
}

describe('each route of the leader', () => {
  it('is in this test', async () => {
    const routes = routesOf(await startReplicas());
    expect(routes.length).toBeGreaterThan(30);
    expect(routes.toSorted()).toEqual([...Object.keys(asked), ...apart].toSorted());
  });

  it.each(['with what all replicas share', 'with nothing in common'])(
    'gives the same answer through a follower %s',
    async (what) => {
      const replicas = await startReplicas();
      const { reader, desk } = replicas;
      const past = {
        history: reader.history,
        episodes: desk.details.episodes,
        marks: desk.details.containers.marks,
      };
      const follower = await replicas.startFollower({
        deps: { past: what.startsWith('with what') ? past : undefined },
      });
      const signedIn = await signIn(follower.app, 'operator pass');
      for (const [route, requests] of Object.entries(asked)) {
        const [method = ''] = route.split(' ');
        for (const request of requests) {
          const direct = await ask(replicas.leader.url, method, request, signedIn);
          const callsDirect = desk.calls.splice(0);
          const through = await ask(follower.url, method, request, signedIn);
          expect({ route, ...through }).toEqual({ route, ...direct });
          expect(desk.calls.splice(0)).toEqual(callsDirect);
        }
      }
    },
  );

  it('tells its head through a follower too', async () => {
    const replicas = await startReplicas();
    const follower = await replicas.startFollower();
    const signedIn = await signIn(follower.app, 'viewer pass');
    for (const path of ['/api/state', '/api/history', '/api/live', '/api/nothing', '/page.js']) {
      const direct = await ask(replicas.leader.url, 'HEAD', { path }, signedIn);
      const through = await ask(follower.url, 'HEAD', { path }, signedIn);
      expect({ path, ...through }).toEqual({ path, ...direct });
    }
  });

  it('is for those who have signed in, through a follower too', async () => {
    const replicas = await startReplicas();
    const follower = await replicas.startFollower();
    const open = ['GET *', 'GET /status', 'GET /healthz', 'GET /readyz', 'GET /api/session', 'GET /api/status-page'];
    for (const [route, [request = { path: '/' }]] of Object.entries(asked)) {
      const [method = ''] = route.split(' ');
      const answer = await ask(follower.url, method, request, { cookie: '', csrf: '' });
      expect({ route, isRefused: answer.status === 401 }).toEqual({ route, isRefused: !open.includes(route) });
    }
    expect(replicas.desk.calls).toEqual([]);
  });
});
