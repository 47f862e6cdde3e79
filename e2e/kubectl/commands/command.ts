/** One line of the script: what is typed, and what must come of it. */
export interface Command {
  readonly name: string;
  /** What follows `kubectl`, as a shell reads it. */
  readonly command: string;
  readonly stdin?: string;
  /** Both streams together, the errors last: the whole text, or a pattern where ages, versions and identities are in it. */
  readonly expected: string | RegExp;
  /** 0 where it is not told. */
  readonly exitCode?: number;
  /** Commands that are run while this one waits or watches; it ends by itself, or when what is expected is there. */
  readonly meanwhile?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Version 1.x of kubectl that brought it. */
  readonly sinceMinor?: number;
  /**
   * `foghorn`: holds against our own server only. `core`: needs a whole cluster, with namespaces, ConfigMaps, Secrets, events
   * and a garbage collector.
   */
  readonly needs?: 'foghorn' | 'core';
}

interface Wanted {
  readonly labels?: string;
  readonly annotations?: string;
  readonly finalizers?: string;
  /** Lines of the spec besides selector and rules. */
  readonly spec?: readonly string[];
  readonly severity?: string;
}

/** A small policy, in YAML. */
export function policy(name: string, wanted: Wanted = {}): string {
  const metadata = Object.entries({
    labels: wanted.labels,
    annotations: wanted.annotations,
    finalizers: wanted.finalizers,
  });
  return [
    'apiVersion: foghorn.dev/v1alpha1',
    'kind: MonitorPolicy',
    'metadata:',
    `  name: ${name}`,
    ...metadata.filter(([, value]) => value !== undefined).map(([key, value]) => `  ${key}: ${value}`),
    'spec:',
    `  selector: { matchLabels: { app: ${name} } }`,
    ...(wanted.spec ?? []).map((line) => `  ${line}`),
    '  rules:',
    // With its defaults: kubectl takes a list whose items the server completes for changed.
    `    - { name: down, severity: ${wanted.severity ?? 'critical'}, expr: "!up", for: 0s, keepFiringFor: 0s }`,
    '',
  ].join('\n');
}
