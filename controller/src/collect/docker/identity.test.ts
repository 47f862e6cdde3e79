import { describe, expect, it } from 'vitest';
import { missingTarget, targetIdOf } from './identity.ts';

const compose = (over: Record<string, string> = {}): Record<string, string> => ({
  'com.docker.compose.project': 'shop',
  'com.docker.compose.service': 'web',
  'com.docker.compose.container-number': '2',
  'com.docker.compose.oneoff': 'False',
  ...over,
});

describe('the identity of a container', () => {
  it.each([
    ['by its service under Compose, whatever its name', 'shop-web-2', compose(), 'here/shop/web/2'],
    ['the same while Compose recreates it', '0123456789ab_shop-web-2', compose(), 'here/shop/web/2'],
    [
      'by name for a one-off',
      'shop-web-run-1',
      compose({ 'com.docker.compose.oneoff': 'True' }),
      'here/shop-web-run-1',
    ],
    ['by name without Compose', 'app', {}, 'here/app'],
    ['by name when the labels are forged', 'app', compose({ 'com.docker.compose.service': '../x' }), 'here/app'],
    ['by name when the number is none', 'app', compose({ 'com.docker.compose.container-number': 'x' }), 'here/app'],
  ])('is %s', (_, name, labels, id) => {
    expect(targetIdOf('here', { name, labels })).toBe(id);
  });

  it.each([
    ['here/shop/web/2', 'shop-web-2', 'shop'],
    ['here/app', 'app', ''],
  ])('of a missing target gives %s a name', (id, name, namespace) => {
    expect(missingTarget('here', id)).toMatchObject({ id, name, namespace, instance: '' });
  });
});
