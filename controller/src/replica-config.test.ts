import { describe, expect, it } from 'vitest';
import { parseReplica } from './replica-config.ts';
import { createSettingsReader } from './settings-reader.ts';

type Env = Readonly<Record<string, string>>;
const elected: Env = { LEADER_ELECTION: 'true', RUNTIME: 'kubelet', POD_NAME: 'foghorn-1', POD_IP: '10.0.0.7' };

function parse(env: Env) {
  const wrong: string[] = [];
  const replica = parseReplica(createSettingsReader(env, wrong));
  return { replica, wrong };
}

describe('the settings of a replica', () => {
  it('are none while there is no election', () => {
    expect(parse({ RUNTIME: 'kubelet', POD_NAME: 'foghorn-1' })).toEqual({ replica: undefined, wrong: [] });
  });

  it.each([
    ['by the address of its pod', {}, 'http://10.0.0.7:8001'],
    ['at its port', { PORT: '9000' }, 'http://10.0.0.7:9000'],
    ['by an address of the sixth version', { POD_IP: 'fd00::7' }, 'http://[fd00::7]:8001'],
    ['as it says itself', { REPLICA_URL: 'https://foghorn-1.foghorn:8443' }, 'https://foghorn-1.foghorn:8443'],
  ])('say that the others reach it %s', (_name, env, url) => {
    const { replica, wrong } = parse({ ...elected, ...env });
    expect(wrong).toEqual([]);
    expect(replica).toEqual({ leaseName: 'foghorn-controller', podName: 'foghorn-1', url, key: undefined, shards: 1 });
  });

  it.each([
    ['declarations on this host', { RUNTIME: 'docker' }, /set RUNTIME=kubelet, or leave it off/],
    ['nowhere to reach it', { POD_IP: '' }, /set POD_IP or REPLICA_URL/],
    ['a name that no Lease can have', { LEASE_NAME: 'Foghorn_1' }, /LEASE_NAME: "Foghorn_1"/],
    ['more shards than there are Leases for', { SHARDS: '9' }, /^SHARDS: "9" is not a whole number from 1 to 8$/],
    ['a short key', { REPLICA_KEY: 'hunter2' }, /^REPLICA_KEY: shorter than 24 characters$/],
  ])('are wrong with %s', (_name, env, message) => {
    expect(parse({ ...elected, ...env }).wrong).toEqual([expect.stringMatching(message)]);
  });

  it('share the nodes among as many as it is said', () => {
    expect(parse({ ...elected, SHARDS: '4' }).replica?.shards).toBe(4);
    const alone = parse({ SHARDS: '4' });
    expect(alone.wrong).toEqual([expect.stringMatching(/^SHARDS: .* set LEADER_ELECTION=true/)]);
  });
});
