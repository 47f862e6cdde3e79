import { isIPv6 } from 'node:net';
import { hostname } from 'node:os';
import type { SettingsReader } from './settings-reader.ts';

/** This replica among several, of which one leads. */
export interface ReplicaConfig {
  /** Of the Lease in the controller's own namespace. */
  readonly leaseName: string;
  readonly podName: string;
  /** As the other replicas reach it. */
  readonly url: string;
  /** For the key by which replicas know each other, besides passwords and tokens. */
  readonly key?: string | undefined;
  /** Among how many replicas the kubelets are shared, this one with them. */
  readonly shards: number;
}

/** A short one could be guessed from one signed request. */
const LEAST_KEY_CHARACTERS = 24;
/** Each has a Lease whose name the role of the controller lists. More nodes than these can ask are more than one leader can judge. */
const MAX_SHARDS = 8;

/** Undefined: there is one replica, and no election. */
export function parseReplica(read: SettingsReader): ReplicaConfig | undefined {
  const shards = read.integer('SHARDS', 1, MAX_SHARDS);
  if (read.choice('LEADER_ELECTION', ['true', 'false']) === 'false') {
    if (shards > 1) read.wrong('SHARDS: the nodes are shared among replicas; set LEADER_ELECTION=true, or leave it 1');
    return undefined;
  }
  if (read.text('RUNTIME') !== 'kubelet') {
    read.wrong(
      'LEADER_ELECTION: the election is by a Lease of a cluster; set RUNTIME=kubelet, or leave it off and run one controller',
    );
  }
  const key = read.optional('REPLICA_KEY');
  if (key !== undefined && key.length < LEAST_KEY_CHARACTERS) {
    // a secret: it is not repeated
    read.wrong(`REPLICA_KEY: shorter than ${LEAST_KEY_CHARACTERS} characters`);
  }
  return {
    leaseName: parseLeaseName(read),
    podName: read.optional('POD_NAME') ?? hostname(),
    url: parseUrl(read),
    key,
    shards,
  };
}

function parseLeaseName(read: SettingsReader): string {
  const name = read.text('LEASE_NAME');
  if (name.length > 253 || !/^[a-z\d]([-a-z\d.]*[a-z\d])?$/.test(name)) {
    read.wrong(`LEASE_NAME: "${name}" is not the name of an object (small letters, digits, - and .)`);
  }
  return name;
}

function parseUrl(read: SettingsReader): string {
  const given = read.httpUrl('REPLICA_URL');
  if (given !== undefined) return given;
  const address = read.optional('POD_IP');
  if (address === undefined) {
    read.wrong('LEADER_ELECTION: the other replicas must know where this one is; set POD_IP or REPLICA_URL');
  }
  const host = address !== undefined && isIPv6(address) ? `[${address}]` : address;
  return `http://${host}:${read.text('PORT')}`;
}
