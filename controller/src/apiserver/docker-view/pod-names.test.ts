import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildTarget } from '../../model/builders.ts';
import { dnsLabelFaults, subdomainFaults } from '../names.ts';
import { buildContainer } from './builders.ts';
import { containerNameOf, nameContainers, namespaceOf } from './pod-names.ts';

const container = (name: string, namespace = '', host = 'local') =>
  buildContainer({ target: buildTarget({ id: `${host}/${name}`, name, namespace, host }) });

const placesOf = (...containers: readonly ReturnType<typeof container>[]): readonly string[] =>
  nameContainers(containers).map(({ namespace, name }) => `${namespace}/${name}`);

describe('names of pods', () => {
  it.each([
    ['web', '', 'default/web'],
    ['shop-web-1', 'shop', 'shop/shop-web-1'],
    ['My_Web', 'My.Shop', 'my-shop/my-web'],
    ['web..1_', '_', 'default/web.1'],
    ['___', '', 'default/container'],
    ['web', 'x'.repeat(80), `${'x'.repeat(63)}/web`],
  ])('calls %j of project %j %s', (name, project, place) => {
    expect(placesOf(container(name, project))).toEqual([place]);
  });

  it('tells containers apart whose names would be alike, in whatever order they come', () => {
    const alike = [container('a_b'), container('a-b'), container('a-b', '', 'other'), container('c')];
    const names = placesOf(...alike);
    expect(new Set(names).size).toBe(4);
    expect(names[3]).toBe('default/c');
    for (const name of names.slice(0, 3)) expect(name).toMatch(/^default\/a-b-[0-9a-f]{5}$/);
    expect(placesOf(...alike.toReversed())).toEqual(names.toReversed());
  });

  it('gives every text a name that Kubernetes accepts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ unit: 'binary' }), (name, namespace) => {
        const twice = [container(name, namespace), container(name, namespace, 'other')];
        for (const named of nameContainers(twice)) {
          expect(subdomainFaults(named.name)).toEqual([]);
          expect(dnsLabelFaults(named.namespace)).toEqual([]);
          expect(dnsLabelFaults(containerNameOf(named.container.target))).toEqual([]);
        }
      }),
    );
  });

  it('names the container by its Compose service', () => {
    const labels = { 'com.docker.compose.service': 'web_app' };
    expect(containerNameOf(buildTarget({ name: 'shop-web-1', labels }))).toBe('web-app');
    expect(containerNameOf(buildTarget({ name: 'shop.web' }))).toBe('shop-web');
  });

  it('puts what is of no project into default', () => {
    expect(namespaceOf({ namespace: '' })).toBe('default');
  });
});
