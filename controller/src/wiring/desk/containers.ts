import type { Collector } from '../../collect/collect.ts';
import type { ContainerDetails } from '../../dashboard/details.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import type { Chronicle } from '../../record/history/chronicle.ts';

export interface ContainerDetailsDeps {
  readonly collector: Pick<Collector, 'containers' | 'hosts' | 'links' | 'logs'>;
  readonly pipeline: Pick<Pipeline, 'standings'>;
  readonly chronicle: Pick<Chronicle, 'marks'>;
  readonly loadSpans: ContainerDetails['loadSpans'];
}

/** What the page of a container asks of hosts, rules and history. */
export function containerDetails(deps: ContainerDetailsDeps): ContainerDetails {
  const { collector, pipeline, chronicle, loadSpans } = deps;
  const find: ContainerDetails['find'] = (targetId) =>
    collector.containers().find(({ target }) => target.id === targetId);
  return {
    find,
    links: collector.links,
    standings: pipeline.standings.of,
    log: (targetId, tailLines, signal) =>
      collector.logs(targetId, { follow: true, timestamps: true, tailLines }, signal),
    logMissing(targetId) {
      const container = find(targetId);
      if (container === undefined) return 'there is no such container now';
      const host = collector.hosts().find((one) => one.host === container.target.host);
      if (host?.runtime === 'process') return 'the output of a process is not kept; only containers have logs';
      return host?.reachable === false ? `its host cannot be reached: ${host.message}` : undefined;
    },
    marks: chronicle.marks,
    loadSpans,
  };
}
