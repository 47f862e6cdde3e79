import { Counter, Gauge, type Registry } from 'prom-client';

/** How the kubelets are shared among replicas; as the part that shares them wants to be told. */
export function measureShards(registry: Registry): {
  assigned(nodes: ReadonlyMap<string, number>): void;
  failed(member: string, nodes: number): void;
} {
  const registers = [registry];
  const nodes = new Gauge({
    name: 'foghorn_shard_nodes',
    help: 'Nodes of the last round that a replica had to ask.',
    labelNames: ['member'],
    registers,
  });
  const failures = new Counter({
    name: 'foghorn_shard_failures_total',
    help: 'Rounds in which a replica did not answer for all its nodes; they were asked by the leader.',
    labelNames: ['member'],
    registers,
  });
  const taken = new Counter({
    name: 'foghorn_shard_nodes_taken_over_total',
    help: 'Nodes that the leader asked itself since a replica did not answer.',
    registers,
  });
  return {
    assigned(shares) {
      nodes.reset();
      for (const [member, count] of shares) nodes.set({ member }, count);
    },
    failed(member, count) {
      failures.inc({ member });
      taken.inc(count);
    },
  };
}
