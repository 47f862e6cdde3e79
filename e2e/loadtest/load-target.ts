import { createDockerCli, type DockerCli } from '../engine/docker-cli.ts';

/** A container with a small web server, on a network of its own. */
export interface LoadTarget {
  readonly name: string;
  readonly network: string;
  readonly url: string;
  readonly cli: DockerCli;
  start(): Promise<void>;
  /** Requests that it has counted. */
  requests(): Promise<number>;
  removeAll(): Promise<void>;
}

const NODE_IMAGE = 'node:24-bookworm-slim';
const PORT = 8000;
/** Answers, counts, and burns a little of its CPU, so that the load is to be seen. */
const SERVER = `
let count = 0;
require('node:http').createServer((request, response) => {
  if (request.url === '/count') return response.end(String(count));
  count += 1;
  const end = Date.now() + (request.url === '/burn' ? 8 : 0);
  while (Date.now() < end);
  response.end('ok');
}).listen(${PORT}, () => console.log('listening'));
process.on('SIGTERM', () => process.exit());`;

export function createLoadTarget(marker: string): LoadTarget {
  const cli = createDockerCli(marker);
  const name = `fh-load-target-${marker}`;
  const network = `fh-load-${marker}`;
  return {
    name,
    network,
    url: `http://${name}:${PORT}`,
    cli,
    async start() {
      await cli.docker('network', 'create', network);
      const options = ['--detach', '--name', name, '--network', network, '--label', `foghorn.test=${marker}`];
      const limits = ['--cpus', '0.5', '--memory', '128m', '--env', 'NODE_OPTIONS='];
      await cli.docker('run', ...options, ...limits, NODE_IMAGE, 'node', '-e', SERVER);
    },
    requests: async () => {
      const ask = `fetch('http://127.0.0.1:${PORT}/count').then((r) => r.text()).then(console.log)`;
      return Number(await cli.docker('exec', name, 'node', '-e', ask));
    },
    async removeAll() {
      await cli.removeAll();
      await cli.docker('network', 'rm', network).catch(() => undefined);
    },
  };
}
