/** Listens for the controller and stops on a signal. */
import { createProxy } from './proxy.ts';

const port = Number(process.env['PORT'] ?? 2375);
const host = process.env['HOST'] ?? '0.0.0.0';
const socketPath = process.env['DOCKER_SOCKET'] ?? '/var/run/docker.sock';

const server = createProxy(socketPath);
server.listen(port, host, () => {
  process.stdout.write(`socket proxy: ${host}:${port} -> ${socketPath}, read-only calls of the controller\n`);
});

const stop = (): void => {
  server.close();
  server.closeAllConnections();
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
