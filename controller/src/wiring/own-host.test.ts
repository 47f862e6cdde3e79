import { expect, it } from 'vitest';
import { defaultGateways } from './own-host.ts';

const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';

it.each([
  [
    `${head}eth0\t00000000\t010014AC\t0003\t0\t0\t0\t00000000\t0\t0\t0\neth0\t000014AC\t00000000\t0001\n`,
    ['172.20.0.1'],
  ],
  [`${head}eth1\t000015AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n`, []],
  [`${head}ppp0\t00000000\t00000000\t0001\n`, []],
  ['', []],
  ['nonsense\tof\tanother\tkind', []],
])('%#: the gateway of a container', (routes, gateways) => {
  expect(defaultGateways(routes)).toEqual(gateways);
});
