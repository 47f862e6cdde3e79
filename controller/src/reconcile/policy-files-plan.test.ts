import { describe, expect, it } from 'vitest';
import { readManifests } from './manifests.ts';
import { planFolder, planPrune } from './policy-files-plan.ts';
import type { PolicyFile } from './policy-folder.ts';

function file(name: string, ...documents: readonly [kind: string, name: string][]): PolicyFile {
  const text = documents
    .map(([kind, object]) => `apiVersion: foghorn.dev/v1alpha1\nkind: ${kind}\nmetadata:\n  name: ${object}\n`)
    .join('---\n');
  const read = readManifests(text);
  return read.kind === 'read'
    ? { name, manifests: read.documents, faults: [] }
    : { name, manifests: [], faults: read.faults };
}

const broken: PolicyFile = { name: 'b.yaml', manifests: [], faults: [{ line: 3, message: 'bad indentation' }] };

describe('planFolder', () => {
  it('wants the objects of every good file and names line and reason of a broken one', () => {
    const plan = planFolder([file('a.yaml', ['MonitorPolicy', 'web']), broken]);
    expect(plan.wanted.map(({ name }) => name)).toEqual(['a.yaml']);
    expect(plan.faulty).toEqual([{ name: 'b.yaml', faults: ['3: bad indentation'] }]);
  });

  it('lets the first file in path order win when two declare the same object, and names both', () => {
    const plan = planFolder([
      file('a.yaml', ['MonitorPolicy', 'web']),
      file('b.yaml', ['MonitorPolicy', 'db'], ['MonitorPolicy', 'web']),
    ]);
    expect(plan.wanted.map(({ name }) => name)).toEqual(['a.yaml']);
    expect(plan.faulty[0]?.faults).toEqual([
      '9: MonitorPolicy/default/web is declared in a.yaml too; the first in path order is in force',
    ]);
  });

  it('refuses kinds that the controller makes itself', () => {
    expect(planFolder([file('a.yaml', ['Alert', 'x'])]).faulty[0]?.faults[0]).toContain(
      'kind Alert cannot be declared here',
    );
  });
});

describe('planPrune', () => {
  const owned = [
    { key: 'MonitorPolicy/default/web', file: 'a.yaml' },
    { key: 'MonitorPolicy/default/db', file: 'b.yaml' },
  ];

  it.each([
    ['keeps what is declared', [file('a.yaml', ['MonitorPolicy', 'web']), file('b.yaml', ['MonitorPolicy', 'db'])], []],
    [
      'removes what its file no longer declares',
      [file('a.yaml', ['MonitorPolicy', 'web']), file('b.yaml')],
      ['MonitorPolicy/default/db'],
    ],
    ['removes what a removed file declared', [file('a.yaml', ['MonitorPolicy', 'web'])], ['MonitorPolicy/default/db']],
    ['keeps what a file that is now broken declared', [file('a.yaml', ['MonitorPolicy', 'web']), broken], []],
    [
      'keeps an object that moved to another file',
      [file('c.yaml', ['MonitorPolicy', 'web'], ['MonitorPolicy', 'db'])],
      [],
    ],
  ])('%s', (_name, files, expected) => {
    expect(planPrune(planFolder(files), owned).map(({ key }) => key)).toEqual(expected);
  });
});
