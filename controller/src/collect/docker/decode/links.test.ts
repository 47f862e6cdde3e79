import { expect, it } from 'vitest';
import { decodeLinks } from './links.ts';

it('tells published and other ports, and the networks', () => {
  const body = {
    NetworkSettings: {
      Ports: {
        '8000/tcp': [
          { HostIp: '0.0.0.0', HostPort: '18000' },
          { HostIp: '::', HostPort: '18000' },
        ],
        '53/udp': null,
        nonsense: [],
      },
      Networks: { shop_default: { IPAddress: '172.18.0.3' }, away: { IPAddress: '' } },
    },
  };
  expect(decodeLinks(body)).toEqual({
    ports: [
      { protocol: 'udp', containerPort: 53 },
      { protocol: 'tcp', containerPort: 8000, hostAddress: '0.0.0.0', hostPort: 18000 },
      { protocol: 'tcp', containerPort: 8000, hostAddress: '::', hostPort: 18000 },
    ],
    networks: [{ name: 'shop_default', address: '172.18.0.3' }, { name: 'away' }],
  });
});

it.each([undefined, null, 'text', [], { NetworkSettings: 7 }, { NetworkSettings: { Ports: [], Networks: 'x' } }])(
  'finds nothing in %j',
  (body) => {
    expect(decodeLinks(body)).toEqual({ ports: [], networks: [] });
  },
);
