import type { ChangeKind, ContainerObservation, Observation, ProbeResult } from '../model/observation.ts';
import type { Values } from '../model/verdict.ts';
import type { Expression } from './expression.ts';
import { toOneLine } from './template.ts';
import { describeValue } from './words.ts';

const changeWords: Readonly<Record<ChangeKind, string>> = {
  restarted: 'container restarted',
  crashed: 'container ended unasked',
  oomKilled: 'container ran out of memory: the kernel killed it or a process in it',
  deployed: 'container was deployed anew',
  configured: 'configuration of the container changed',
};

/** What is wrong, in words, for a rule that brings no message: "cpu is 85.2 % (rule: cpu > 80)". */
export function defaultMessage(expression: Expression, values: Values, observation: Observation): string {
  const phrases = new Set<string>();
  let plain = false;
  for (const { label } of expression.references) {
    const phrase = describeEvent(label, values, observation);
    if (phrase !== undefined) phrases.add(phrase);
    const value = values[label];
    if (phrase !== undefined || value === undefined || typeof value === 'boolean') continue;
    plain = true;
    phrases.add(`${label} is ${describeValue(label, value)}`);
  }
  const rule = `rule: ${expression.source.trim()}`;
  if (phrases.size === 0) return toOneLine(rule);
  return toOneLine([...phrases].join(', ') + (plain ? ` (${rule})` : ''));
}

function describeEvent(label: string, values: Values, observation: Observation): string | undefined {
  const [root = '', name = ''] = label.split('.');
  const probe = root === 'probes' ? observation.probes[name] : undefined;
  if (probe !== undefined && !probe.up) return describeProbe(name, probe);
  if (observation.kind === 'unreachable') return undefined;
  if (root === 'up' && values['up'] === false) return describeDown(observation);
  return isChange(root) && values[root] === true ? describeChange(root, observation) : undefined;
}

function isChange(name: string): name is ChangeKind {
  return Object.hasOwn(changeWords, name);
}

function describeDown({ state, exitCode }: ContainerObservation): string {
  if (state === 'missing') return 'container is DOWN (no such container)';
  return `container is DOWN (state ${state}${exitCode === undefined ? '' : `, exit code ${exitCode}`})`;
}

function describeProbe(name: string, { protocol, status, error }: ProbeResult): string {
  if (protocol === 'http' && status !== undefined) return `probe ${name} answered HTTP ${status}`;
  return `probe ${name} failed: ${error?.message ?? 'no reason given'}`;
}

function describeChange(kind: ChangeKind, { changes }: ContainerObservation): string {
  const index = changes.findLastIndex((candidate) => candidate.kind === kind);
  const before = changes[index - 1];
  if (kind === 'restarted' && before?.kind === 'crashed') {
    const code = before.exitCode === undefined ? '' : ` (exit code ${before.exitCode})`;
    return `${changeWords.restarted} after it ended unasked${code}`;
  }
  const change = changes[index];
  const exit = change?.exitCode === undefined ? undefined : `exit code ${change.exitCode}`;
  const details = [exit, change?.detail].filter((detail) => detail !== undefined);
  return details.length === 0 ? changeWords[kind] : `${changeWords[kind]} (${details.join(', ')})`;
}
