import type { IncomingHttpHeaders } from 'node:http';
import { badRequest } from '../../kube/status.ts';
import { forbidden } from './rights.ts';
import { ADMIN_GROUP, authenticated, type User } from './users.ts';

const MAX_NAME_CHARACTERS = 253;

/** The user that an administrator asks to act as (`kubectl --as`). Throws Forbidden for anybody else. */
export function impersonated(user: User, headers: IncomingHttpHeaders): User {
  const name = textOf(headers['impersonate-user']);
  const groups = textOf(headers['impersonate-group']);
  if (name === undefined) {
    if (groups === undefined) return user;
    throw badRequest('requested impersonation of groups without impersonating a user');
  }
  if (name.length > MAX_NAME_CHARACTERS) throw badRequest('the name of the impersonated user is too long');
  if (!user.groups.includes(ADMIN_GROUP)) {
    throw forbidden(
      `users ${JSON.stringify(name)} is forbidden: User ${JSON.stringify(user.name)} cannot impersonate resource "users" in API group "" at the cluster scope`,
      { name, kind: 'users' },
    );
  }
  const asked = (groups ?? '').split(',').map((group) => group.trim());
  return authenticated({ name, groups: asked.filter((group) => group !== '') });
}

function textOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' || value === undefined ? value : value.join(',');
}
