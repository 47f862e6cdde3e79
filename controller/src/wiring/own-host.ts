import { readFileSync } from 'node:fs';
import { errorCode } from '../errors.ts';

const ROUTES_FILE = '/proc/net/route';

/**
 * Addresses from which the machine itself reaches a container: loopback, and the gateway of its network, which is what
 * a published port's connections come from. Other containers of the network come from addresses of their own.
 */
export function ownHostAddresses(): readonly string[] {
  return ['127.0.0.0/8', '::1', ...defaultGateways(readRoutes())];
}

/** No such file, no gateway: then only loopback counts. */
function readRoutes(): string {
  try {
    return readFileSync(ROUTES_FILE, 'utf8');
  } catch (error) {
    if (errorCode(error) !== '') return '';
    throw error;
  }
}

/** Gateways of the default routes in the text of /proc/net/route: hexadecimal, lowest byte first. */
export function defaultGateways(routes: string): readonly string[] {
  return routes
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(([, destination, gateway = '']) => destination === '00000000' && /^[0-9A-F]{8}$/i.test(gateway))
    .map(([, , gateway = '']) => [...Buffer.from(gateway, 'hex')].toReversed().join('.'))
    .filter((address) => address !== '0.0.0.0');
}
