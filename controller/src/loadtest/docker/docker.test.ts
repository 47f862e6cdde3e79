import { describe, expect, it } from 'vitest';
import type { ContainerInfo } from 'dockerode';
import { containerOf } from './container.ts';
import { demultiplex } from './demultiplex.ts';
import { placeOf } from './place.ts';

function frame(stream: number, text: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

function container(name: string, networks: Readonly<Record<string, string>>, service?: string): ContainerInfo {
  const Networks = Object.fromEntries(Object.entries(networks).map(([key, IPAddress]) => [key, { IPAddress }]));
  const Labels = service === undefined ? {} : { 'com.docker.compose.service': service };
  return { Names: [`/${name}`], Labels, NetworkSettings: { Networks } } as unknown as ContainerInfo;
}

describe('the log of a container', () => {
  it('is taken apart, characters that span frames too', () => {
    const bytes = Buffer.from('ä\n');
    const half = Buffer.concat([frame(1, ''), Buffer.from([1, 0, 0, 0, 0, 0, 0, 1]), bytes.subarray(0, 1)]);
    const rest = Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, 0, 2]), bytes.subarray(1)]);
    const log = Buffer.concat([half, frame(2, 'oops\n'), rest]);
    expect(demultiplex(log)).toEqual({ standardOutput: 'ä\n', standardError: 'oops\n' });
  });

  it('may be cut anywhere', () => {
    const log = frame(1, 'hello');
    for (let end = 0; end < log.length; end += 1) expect(() => demultiplex(log.subarray(0, end))).not.toThrow();
  });
});

describe('where a generator reaches its target', () => {
  const url = 'http://webapp:8000/';

  it.each([
    ['a network of its own', [container('webapp', { shop: '172.18.0.2' })], { network: 'shop', url }],
    ['the service name', [container('shop-webapp-1', { shop: '172.18.0.2' }, 'webapp')], { network: 'shop', url }],
    ['a name with capitals, which an address has not', [container('WebApp', { shop: '' })], { network: 'shop', url }],
    [
      'a name before a service',
      [container('x', { a: '' }, 'webapp'), container('webapp', { b: '' })],
      { network: 'b', url },
    ],
    [
      'the default network, by address',
      [container('webapp', { bridge: '172.17.0.5' })],
      { network: 'bridge', url: 'http://172.17.0.5:8000/' },
    ],
    [
      'the network of the host',
      [container('webapp', { host: '' })],
      { network: 'host', url: 'http://127.0.0.1:8000/' },
    ],
    ['nowhere', [container('other', { shop: '' })], undefined],
  ])('%s', (_name, containers, place) => {
    expect(placeOf(url, containers)).toEqual(place);
  });
});

describe('the container of a generator', () => {
  it('has labels, bounds, and nothing of the host', () => {
    const identity = { owner: 'uid', run: 5, index: 0, parallelism: 2, name: 'web', namespace: 'default' };
    const order = { ...identity, planMs: 60_000, url: 'http://webapp', args: ['--json'] };
    const env = { LOADTEST_SECRET_A: 'mine', LOADTEST_SECRET_B: 'not asked for', PATH: '/bin' };
    const made = containerOf(
      { ...order, secrets: ['LOADTEST_SECRET_A'] },
      { network: 'shop', url: 'http://webapp' },
      { image: 'foghorn-loadgen', controllerId: 'c', env },
    );
    expect(made.Env).toEqual(['LOADTEST_SECRET_A=mine']);
    expect(made.Labels).toMatchObject({ 'foghorn.dev/loadtest-uid': 'uid', 'foghorn.dev/loadtest-run': '5' });
    expect(made.Cmd).toEqual(['--url', 'http://webapp', '--share', '0/2', '--json']);
    expect(made.HostConfig).toMatchObject({
      NetworkMode: 'shop',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges:true'],
      Memory: 536_870_912,
    });
    expect(made.HostConfig?.Binds).toBeUndefined();
  });
});
