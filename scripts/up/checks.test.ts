import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { checkDiskSpace, checkNodeVersion, checkPortFree } from './checks.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

function listen(host: string): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    servers.push(server);
    server.listen(0, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

describe('the checks before a start', () => {
  it.each(['127.0.0.1', '0.0.0.0'])('name a port that is taken on %s, and how to find who has it', async (host) => {
    const port = await listen(host);
    await expect(checkPortFree(port, '127.0.0.1')).rejects.toMatchObject({
      message: `Port ${port} of 127.0.0.1 is taken by another program.`,
      wayOut: expect.stringContaining('ss -ltnp'),
    });
  });

  it('leave a free port free', async () => {
    const port = await listen('127.0.0.1');
    await new Promise((resolve) => servers.pop()?.close(resolve));
    await expect(checkPortFree(port, '127.0.0.1')).resolves.toBeUndefined();
    await expect(checkPortFree(port, '127.0.0.1')).resolves.toBeUndefined();
  });

  it('refuse an address that is not of this machine', async () => {
    await expect(checkPortFree(8001, '192.0.2.1')).rejects.toMatchObject({
      wayOut: expect.stringContaining('BIND_ADDRESS'),
    });
  });

  it('refuse an old Node', () => {
    expect(() => checkNodeVersion('20.20.2')).toThrow('Node 20.20.2 is too old');
    expect(() => checkNodeVersion('24.0.0')).not.toThrow();
  });

  it('pass over a folder that is on another machine', async () => {
    await expect(checkDiskSpace(['/no/such/folder'])).resolves.toBeUndefined();
  });
});
