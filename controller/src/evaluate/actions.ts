import type { Target } from '../model/target.ts';
import type { Reference } from './references.ts';

type Advice = (container: string) => readonly string[];

const cpu: Advice = (container) => [
  `See what uses the CPU: docker top ${container}`,
  'If the load is real, raise the CPU limit or add instances',
  `If a process hangs, restart the container: docker restart ${container}`,
];
const memory: Advice = (container) => [
  `See the use next to the limit: docker stats --no-stream ${container}`,
  'If it keeps growing under steady load, look for a leak in the latest release',
  'Raise the memory limit before the kernel kills the container',
];
const down: Advice = (container) => [
  `See why it ended: docker logs --tail 50 ${container}`,
  `Start it again: docker start ${container}`,
];
const probe: Advice = (container) => [
  `See the errors of the application: docker logs --tail 50 ${container}`,
  'Check what it depends on (database, network, DNS)',
];
const crash: Advice = (container) => [
  `See its last words: docker logs --tail 50 ${container}`,
  'If it goes on, roll back to the previous release',
];
const change: Advice = () => ['Check that the change was wanted; nothing needs doing if it was'];
const traffic: Advice = (container) => [`See who causes the traffic: docker logs --tail 50 ${container}`];

/** By the first name that a rule refers to. */
const advice: Readonly<Record<string, Advice>> = {
  up: down,
  state: down,
  exitCode: down,
  health: probe,
  probes: probe,
  latency: probe,
  httpStatus: probe,
  cpu,
  cpuCores: cpu,
  processes: cpu,
  memory,
  memoryBytes: memory,
  oomKilled: memory,
  restarts: crash,
  restarted: crash,
  crashed: crash,
  deployed: change,
  configured: change,
  networkReceiveRate: traffic,
  networkTransmitRate: traffic,
  diskReadRate: traffic,
  diskWriteRate: traffic,
};

/** What to do about a rule that brings no actions of its own, by what it looks at. */
export function defaultActions(references: readonly Reference[], target: Target): readonly string[] {
  for (const reference of references) {
    const name = reference.kind === 'window' ? reference.call.metric : (reference.path[0] ?? '');
    const found = Object.hasOwn(advice, name) ? advice[name] : undefined;
    if (found !== undefined) return found(commandName(target.name));
  }
  return [];
}

/** People paste these commands: a name that Docker would not give must not get into them. */
function commandName(name: string): string {
  return /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/.test(name) ? name : 'CONTAINER';
}
