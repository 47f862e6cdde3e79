import type { DockerCli } from '../engine/docker-cli.ts';
import type { Told } from './stand.ts';

/** What happens to one container, and all the mails that come of it. */
export interface Scenario {
  /** Of the container, of its policy and of its reader. */
  readonly name: string;
  readonly title: string;
  /** What the container runs. */
  readonly script?: string;
  readonly options?: readonly string[];
  /** Over the built-in policy. */
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly act: (cli: DockerCli, name: string) => Promise<unknown>;
  /** Mails of this step, in their order, and no others. */
  readonly mails: readonly Told[];
}

const small = ['--memory', '16m', '--memory-swap', '16m'];
const forEver = 'exec sleep 1000';
/** Of the built-in rules those about the life of a container: how much memory was read before an end is chance. */
const lifeRules = [
  { name: 'down', severity: 'critical', expr: '!up' },
  { name: 'oom', severity: 'critical', expr: 'oomKilled' },
  { name: 'restart', severity: 'info', expr: 'restarted' },
];

const stop: Step['act'] = (cli, name) => cli.docker('stop', '--time', '1', name);
const start: Step['act'] = (cli, name) => cli.docker('start', name);
const remove: Step['act'] = (cli, name) => cli.docker('rm', '--force', name);
/** The script waits for it. */
const go: Step['act'] = (cli, name) => cli.docker('exec', name, 'touch', '/go');
const waitForGo = 'until [ -e /go ]; do sleep 0.2; done';

export const scenarios: readonly Scenario[] = [
  {
    name: 'stop',
    title: 'a stop that lasts, and the start that ends it',
    steps: [
      {
        act: stop,
        mails: [['[CRITICAL] stop on local: down', 'CRITICAL: container is DOWN (state exited, exit code 137)']],
      },
      {
        act: start,
        mails: [['[CRITICAL] stop on local: down', 'RESOLVED: container is DOWN (state exited, exit code 137)']],
      },
    ],
  },
  {
    name: 'kill',
    title: 'docker kill: asked for, so as a stop',
    steps: [
      {
        act: (cli, name) => cli.docker('kill', name),
        mails: [['[CRITICAL] kill on local: down', 'CRITICAL: container is DOWN (state exited, exit code 137)']],
      },
    ],
  },
  {
    name: 'restart',
    title: 'docker restart: a note',
    steps: [
      {
        act: (cli, name) => cli.docker('restart', '--time', '1', name),
        mails: [['[INFO] restart on local: restart', 'INFO: container restarted']],
      },
    ],
  },
  {
    name: 'crash',
    title: 'a crash, and the removal of what is left',
    script: `${waitForGo}; exit 3`,
    steps: [
      {
        act: go,
        mails: [['[CRITICAL] crash on local: down', 'CRITICAL: container is DOWN (state exited, exit code 3)']],
      },
      {
        act: remove,
        mails: [['[CRITICAL] crash on local: down', 'RESOLVED: container is DOWN (state exited, exit code 3)']],
      },
    ],
  },
  {
    name: 'mended',
    title: 'a crash that the restart policy mends: a note with the exit code',
    script: `${waitForGo}; rm /go; exit 3`,
    options: ['--restart', 'always'],
    steps: [
      {
        act: go,
        mails: [['[INFO] mended on local: restart', 'INFO: container restarted after it ended unasked (exit code 3)']],
      },
    ],
  },
  {
    name: 'oom',
    title: 'out of memory in the main process: two alerts, one mail',
    script: `${waitForGo}; exec tail /dev/zero`,
    options: small,
    spec: { rules: lifeRules },
    steps: [
      {
        act: go,
        mails: [
          [
            '[CRITICAL] 2 alerts on local: oom',
            'CRITICAL: 2 alerts',
            '- CRITICAL oom: container is DOWN (state exited, exit code 137)',
            '- CRITICAL oom: container ran out of memory: the kernel killed it or a process in it',
          ],
        ],
      },
    ],
  },
  {
    name: 'child',
    title: 'out of memory in a child: it runs on',
    script: `${waitForGo}; tail /dev/zero; ${forEver}`,
    options: small,
    spec: { rules: lifeRules },
    steps: [
      {
        act: go,
        mails: [
          [
            '[CRITICAL] child on local: oom',
            'CRITICAL: container ran out of memory: the kernel killed it or a process in it',
          ],
        ],
      },
    ],
  },
  {
    name: 'looping',
    title: 'a crash loop without end, by the built-in rules: a note, then down, once',
    script: `${waitForGo}; exit 1`,
    options: ['--restart', 'always'],
    steps: [
      {
        act: go,
        mails: [
          ['[INFO] looping on local: restart', 'INFO: container restarted after it ended unasked (exit code 1)'],
          ['[CRITICAL] looping on local: down', 'CRITICAL: container is DOWN (state restarting, exit code 1)'],
        ],
      },
    ],
  },
  {
    name: 'loop',
    title: 'a crash loop by a rule of its own, and its end when the container has been stable',
    script: `${waitForGo}; echo >> /crashes; [ $(wc -l < /crashes) -gt 3 ] && ${forEver}; exit 1`,
    options: ['--restart', 'always'],
    spec: {
      rules: [
        { name: 'down', severity: 'critical', expr: '!up' },
        { name: 'loop', severity: 'critical', expr: 'increaseOver("restarts", "20s") >= 3.0' },
      ],
    },
    steps: [
      {
        act: go,
        mails: [
          [
            '[CRITICAL] loop on local: loop',
            'CRITICAL: increaseOver(restarts, 20s) is 3 (rule: increaseOver("restarts", "20s") >= 3.0)',
          ],
          [
            '[CRITICAL] loop on local: loop',
            'RESOLVED: increaseOver(restarts, 20s) is 3 (rule: increaseOver("restarts", "20s") >= 3.0)',
          ],
        ],
      },
    ],
  },
  { name: 'removed', title: 'a removal: nobody expects it back', steps: [{ act: remove, mails: [] }] },
  {
    name: 'expected',
    title: 'a removal of a container that is expected, and its return',
    spec: { expect: ['expected'] },
    steps: [
      {
        act: remove,
        mails: [['[CRITICAL] expected on local: down', 'CRITICAL: container is DOWN (no such container)']],
      },
      {
        act: (cli, name) => cli.run(name, forEver, '--network', 'none'),
        mails: [['[CRITICAL] expected on local: down', 'RESOLVED: container is DOWN (no such container)']],
      },
    ],
  },
  {
    name: 'renamed',
    title: 'a new name: nothing',
    steps: [{ act: (cli, name) => cli.docker('rename', name, `${name}-2`), mails: [] }],
  },
  {
    name: 'paused',
    title: 'a pause: down at once, until it is over',
    steps: [
      {
        act: (cli, name) => cli.docker('pause', name),
        mails: [['[CRITICAL] paused on local: down', 'CRITICAL: container is DOWN (state paused)']],
      },
      {
        act: (cli, name) => cli.docker('unpause', name),
        mails: [['[CRITICAL] paused on local: down', 'RESOLVED: container is DOWN (state paused)']],
      },
    ],
  },
  {
    name: 'sick',
    title: 'a failing health check, by a rule of its own, until it passes again',
    options: ['--health-cmd', '[ ! -e /go ]', '--health-interval', '1s', '--health-retries', '1'],
    spec: { rules: [{ name: 'health', severity: 'warning', expr: 'health == "unhealthy"' }] },
    steps: [
      {
        act: go,
        mails: [['[WARNING] sick on local: health', 'WARNING: health is unhealthy (rule: health == "unhealthy")']],
      },
      {
        act: (cli, name) => cli.docker('exec', name, 'rm', '/go'),
        mails: [['[WARNING] sick on local: health', 'RESOLVED: health is unhealthy (rule: health == "unhealthy")']],
      },
    ],
  },
];
