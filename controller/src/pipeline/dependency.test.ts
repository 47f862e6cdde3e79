import { describe, expect, it } from 'vitest';
import { buildObservation, buildTarget } from '../model/builders.ts';
import type { ContainerObservation } from '../model/observation.ts';
import { brokenDependencies, nameDependencies } from './dependency.ts';

function service(name: string, dependsOn = '', project = 'shop') {
  return buildTarget({
    name: `${project}-${name}-1`,
    labels: {
      'com.docker.compose.project': project,
      'com.docker.compose.service': name,
      'com.docker.compose.depends_on': dependsOn,
    },
  });
}

const web = service('web', 'db:service_healthy:true,cache:service_started:false');
const seen = (name: string, overrides: Partial<ContainerObservation>, project?: string): ContainerObservation =>
  buildObservation({ target: service(name, '', project), ...overrides });

describe('the dependencies of a container', () => {
  it.each([
    ['that run', [seen('db', {}), seen('cache', {})], []],
    ['that crashed', [seen('db', { state: 'exited', exitCode: 1 }), seen('cache', {})], ['db']],
    ['that restart', [seen('db', { state: 'restarting' }), seen('cache', { state: 'missing' })], ['db', 'cache']],
    ['that ran to their end', [seen('db', { state: 'exited', exitCode: 0 })], []],
    ['of another project', [seen('db', { state: 'exited', exitCode: 1 }, 'other')], []],
    ['of which one runs', [seen('db', { state: 'exited', exitCode: 1 }), seen('db', {})], []],
    ['that nobody has seen', [], []],
  ])('are broken or not: %s', (_name, observations, expected) => {
    expect(brokenDependencies(web, () => observations)).toEqual(expected);
  });

  it('are none without the label, and bounded with a hostile one', () => {
    expect(brokenDependencies(buildTarget(), () => [seen('db', { state: 'dead' })])).toEqual([]);
    const names = Array.from({ length: 5000 }, (_, index) => `s${index}`);
    const stopped = names.map((name) => seen(name, { state: 'dead' }));
    expect(brokenDependencies(service('web', names.join(',')), () => stopped)).toHaveLength(10);
  });

  it('are named in the message of what is in breach', () => {
    const verdict = { kind: 'breach', values: {}, message: 'web is DOWN', actions: [] } as const;
    const level = { severity: 'critical', forMs: 0, keepFiringForMs: 0, eventLike: false, verdict } as const;
    expect(nameDependencies([{ rule: 'down', levels: [level] }], ['db', 'cache'])).toMatchObject([
      { levels: [{ verdict: { message: 'web is DOWN (it depends on db, cache, which are down)' } }] },
    ]);
  });
});
