import { describe, expect, it } from 'vitest';
import { podLabels } from './pod-labels.ts';

const many = (key: string, value: string) => Array.from({ length: 300 }, (_, index) => [`${key}${index}`, value]);

describe('podLabels', () => {
  it('divides by what Kubernetes can select by', () => {
    const labels = {
      'com.docker.compose.service': 'web',
      'com.docker.compose.project.working_dir': '/srv/shop',
      'no key at all': 'x',
      maintainer: 'Somebody <some@body.example>',
      empty: '',
    };
    expect(podLabels({ id: 'local/web', labels })).toEqual({
      labels: { 'com.docker.compose.service': 'web', empty: '' },
      annotations: {
        'com.docker.compose.project.working_dir': '/srv/shop',
        maintainer: 'Somebody <some@body.example>',
        'foghorn.dev/target': 'local/web',
      },
    });
  });

  it('bounds both, and keeps our own annotation', () => {
    const labels = Object.fromEntries([
      ...many('a', 'a'),
      ...many('b', '/'.repeat(9000)),
      ['foghorn.dev/target', 'a/b'],
    ]);
    const shown = podLabels({ id: 'local/web', labels });
    expect(Object.keys(shown.labels ?? {})).toHaveLength(128);
    expect(Object.keys(shown.annotations).length).toBeLessThanOrEqual(129);
    expect(shown.annotations['foghorn.dev/target']).toBe('local/web');
    expect(Math.max(...Object.values(shown.annotations).map(({ length }) => length))).toBeLessThanOrEqual(4096);
  });

  it('takes names of object members as the labels they are', () => {
    const labels = Object.fromEntries([
      ['constructor', 'x'],
      ['__proto__', 'y'],
    ]);
    expect(podLabels({ id: 'a', labels }).labels).toEqual({ constructor: 'x' });
  });
});
