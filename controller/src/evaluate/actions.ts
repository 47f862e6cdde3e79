import type { Target } from '../model/target.ts';
import type { Reference } from './references.ts';

/** How people look at a container and act on it, where it runs. */
interface Commands {
  readonly logs: string;
  /** What it wrote before it ended. */
  readonly lastLogs: string;
  readonly cpu: string;
  readonly memory: string;
  readonly restart: string;
  readonly start: string;
}

type Advice = (commands: Commands) => readonly string[];

const cpu: Advice = (commands) => [
  `See what uses the CPU: ${commands.cpu}`,
  'If the load is real, raise the CPU limit or add instances',
  `If a process hangs, restart the container: ${commands.restart}`,
];
const memory: Advice = (commands) => [
  `See the use next to the limit: ${commands.memory}`,
  'If it keeps growing under steady load, look for a leak in the latest release',
  'Raise the memory limit before the kernel kills the container',
];
const down: Advice = ({ lastLogs, start }) => [`See why it ended: ${lastLogs}`, start];
const probe: Advice = ({ logs }) => [
  `See the errors of the application: ${logs}`,
  'Check what it depends on (database, network, DNS)',
];
const crash: Advice = ({ lastLogs }) => [
  `See its last words: ${lastLogs}`,
  'If it goes on, roll back to the previous release',
];
const change: Advice = () => ['Check that the change was wanted; nothing needs doing if it was'];
const traffic: Advice = ({ logs }) => [`See who causes the traffic: ${logs}`];

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
    if (found !== undefined) return found(commandsFor(target));
  }
  return [];
}

function commandsFor(target: Target): Commands {
  const container = target.labels[CONTAINER_LABEL];
  return container === undefined ? dockerCommands(pasteable(target.name)) : kubectlCommands(target, container);
}

/** Of a container in a cluster: its name in its pod. */
const CONTAINER_LABEL = 'foghorn.dev/container';

function dockerCommands(name: string): Commands {
  const logs = `docker logs --tail 50 ${name}`;
  return {
    logs,
    lastLogs: logs,
    cpu: `docker top ${name}`,
    memory: `docker stats --no-stream ${name}`,
    restart: `docker restart ${name}`,
    start: `Start it again: docker start ${name}`,
  };
}

/** The name of a target is that of its pod, with the container's behind it where a pod has several. */
function kubectlCommands({ name, namespace }: Target, container: string): Commands {
  const kubectl = `kubectl -n ${pasteable(namespace)}`;
  const pod = pasteable(name.split('/')[0] ?? '');
  const logs = `${kubectl} logs --tail 50 ${pod} -c ${pasteable(container)}`;
  const top = `${kubectl} top pod ${pod} --containers`;
  return {
    logs,
    lastLogs: `${logs} --previous`,
    cpu: top,
    memory: top,
    restart: `${kubectl} delete pod ${pod}`,
    start: `See what keeps it from running: ${kubectl} describe pod ${pod}`,
  };
}

/** People paste these commands: a name that no engine would give must not get into them. */
function pasteable(name: string): string {
  return /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,252}$/.test(name) ? name : 'CONTAINER';
}
