import type { Observation } from '../model/observation.ts';
import type { Target } from '../model/target.ts';
import type { RuleVerdict, Verdict } from '../model/verdict.ts';

/** https://docs.docker.com/compose: `db:service_healthy:true,cache:service_started:false`. */
const DEPENDS_ON = 'com.docker.compose.depends_on';
const PROJECT = 'com.docker.compose.project';
const SERVICE = 'com.docker.compose.service';
/** Services that a message names; a label of more is not one that Compose wrote for people to read. */
const MAX_NAMED = 10;

/** Services that this container depends on and that do not run, by what was last seen; asked for only when it has any. */
export function brokenDependencies(target: Target, latest: () => readonly Observation[]): readonly string[] {
  const services = dependenciesOf(target);
  if (services.length === 0) return [];
  const members = latest().filter((seen) => isOfSameProject(seen.target, target));
  return services.filter((service) => {
    const instances = members.filter((seen) => seen.target.labels[SERVICE] === service);
    return instances.length > 0 && instances.every(isStopped);
  });
}

function dependenciesOf({ labels }: Target): readonly string[] {
  const names = (labels[DEPENDS_ON] ?? '').split(',').map((entry) => entry.split(':', 1)[0]?.trim() ?? '');
  return [...new Set(names)].filter((name) => name !== '').slice(0, MAX_NAMED);
}

function isOfSameProject(one: Target, other: Target): boolean {
  return one.host === other.host && one.labels[PROJECT] === other.labels[PROJECT];
}

/** A service that ran to its end, as a migration does, is not broken. */
function isStopped(seen: Observation): boolean {
  return seen.kind === 'observed' && seen.state !== 'running' && !(seen.state === 'exited' && seen.exitCode === 0);
}

/** The verdicts, with the broken dependencies in the message of each breach: they are the likely cause. */
export function nameDependencies(verdicts: readonly RuleVerdict[], broken: readonly string[]): readonly RuleVerdict[] {
  if (broken.length === 0) return verdicts;
  const cause = ` (it depends on ${broken.join(', ')}, which ${broken.length === 1 ? 'is' : 'are'} down)`;
  return verdicts.map((rule) => ({
    ...rule,
    levels: rule.levels.map((level) => ({ ...level, verdict: withCause(level.verdict, cause) })),
  }));
}

function withCause(verdict: Verdict, cause: string): Verdict {
  return verdict.kind === 'breach' ? { ...verdict, message: `${verdict.message}${cause}` } : verdict;
}
