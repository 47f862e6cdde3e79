import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = import.meta.dirname;
const base = ['base'];

/** Which folder may import which; `base` is config, clock, log, errors and problems. See docs/architecture.md. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  model: [],
  base: ['model', ...base],
  evaluate: ['model'],
  alert: ['model'],
  collect: ['model', ...base],
  record: ['model', ...base],
  notify: ['model', ...base],
  kube: ['model', ...base],
  apiserver: ['model', 'kube', ...base],
  loadtest: ['model', ...base],
  heartbeat: ['model', ...base],
  reconcile: ['model', 'kube', 'evaluate', ...base],
  dashboard: ['model', ...base],
  replay: ['collect', 'record', 'evaluate', 'alert', 'model', ...base],
  cli: [
    'replay',
    'apiserver',
    'reconcile',
    'kube',
    'record',
    'collect',
    'evaluate',
    'alert',
    'notify',
    'model',
    ...base,
  ],
  pipeline: ['collect', 'record', 'evaluate', 'alert', 'notify', 'model', ...base],
};

/** The folders (or files) that alone may import an SDK. */
const sdkOwners: Readonly<Record<string, readonly string[]>> = {
  dockerode: ['collect/docker', 'loadtest/docker'],
  '@kubernetes/client-node': ['kube/cluster-access.ts', 'collect/kubelet'],
  '@aws-sdk/client-ses': ['notify/ses'],
  pg: ['collect/probes', 'record/history/postgres'],
  fastify: ['dashboard', 'apiserver'],
  '@fastify/static': ['dashboard'],
  '@fastify/cookie': ['dashboard'],
  undici: [
    'collect/probes',
    'dashboard/follower/',
    'kube/cluster-transport.ts',
    'collect/kubelet',
    'cli/replay/from-url.ts',
    'heartbeat/http-ping.ts',
    'notify/post-json.ts',
  ],
  '@marcbachmann/cel-js': ['evaluate', 'apiserver'],
  croner: ['reconcile/load-test-cron'],
  'hdr-histogram-js': ['loadtest/histogram'],
  'node:sqlite': ['apiserver', 'record/history'],
};

const baseFiles = [
  'config.ts',
  'dashboard-config.ts',
  'replica-config.ts',
  'settings.ts',
  'settings-reader.ts',
  'clock.ts',
  'log.ts',
  'errors.ts',
  'problems.ts',
  'fake-clock.ts',
  'free-port.ts',
];

interface Import {
  readonly file: string;
  readonly target: string;
}

function sourceFiles(): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|-contract\.ts$|contract\.ts$/.test(file))
    .filter((file) => !file.startsWith('dashboard/web'));
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|import\(['"]([^'"]+)['"]\)/g,
  );
  return [...found].map((match) => ({ file, target: match[1] ?? match[2] ?? '' }));
}

function roomOf(file: string): string {
  const parts = file.split('/');
  if (parts.length > 1) return parts[0] ?? '';
  if (baseFiles.includes(file)) return 'base';
  return 'main';
}

const files = sourceFiles();
const imports = files.flatMap(importsOf);
const ours = imports
  .filter(({ target }) => target.startsWith('.'))
  .map(({ file, target }) => ({ file, target: relative(root, resolve(root, dirname(file), target)) }));

describe('the folders are the architecture', () => {
  it('finds the source it judges', () => {
    expect(files.length).toBeGreaterThan(20);
    expect(ours.length).toBeGreaterThan(20);
  });

  it('lets a folder import only what the table allows', () => {
    const forbidden = ours.filter(({ file, target }) => {
      const from = roomOf(file);
      const to = roomOf(target);
      return from !== to && !['main', 'wiring'].includes(from) && !(allowed[from] ?? []).includes(to);
    });
    expect(forbidden).toEqual([]);
  });

  it('keeps each SDK in the adapter that owns it', () => {
    const strays = imports.filter(({ file, target }) => {
      const owners = sdkOwners[target];
      return owners !== undefined && !owners.some((owner) => file.startsWith(owner));
    });
    expect(strays).toEqual([]);
  });

  it('has no cycle between folders', () => {
    const edges = new Map<string, Set<string>>();
    for (const { file, target } of ours) {
      const from = roomOf(file);
      if (from !== roomOf(target)) edges.set(from, (edges.get(from) ?? new Set()).add(roomOf(target)));
    }
    expect([...edges.keys()].filter((room) => reaches(edges, room, room))).toEqual([]);
  });

  it('reads the time only from the clock', () => {
    const clockReads = files
      .filter((file) => file !== 'clock.ts')
      .filter((file) => /\bDate\.now\(|new Date\(\)|performance\.now\(/.test(readFileSync(join(root, file), 'utf8')));
    expect(clockReads).toEqual([]);
  });

  it('never imports the controller from the load generator or the sample application', () => {
    for (const workspace of ['loadgen', 'webapp']) {
      const folder = resolve(root, '../..', workspace, 'src');
      const strays = readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .filter((file) => /from\s+['"][^'"]*controller/.test(readFileSync(join(folder, file), 'utf8')));
      expect(strays).toEqual([]);
    }
  });
});

function reaches(edges: ReadonlyMap<string, ReadonlySet<string>>, from: string, to: string): boolean {
  const seen = new Set<string>();
  const open = [...(edges.get(from) ?? [])];
  for (let room = open.pop(); room !== undefined; room = open.pop()) {
    if (room === to) return true;
    if (!seen.has(room)) open.push(...(edges.get(room) ?? []));
    seen.add(room);
  }
  return false;
}
