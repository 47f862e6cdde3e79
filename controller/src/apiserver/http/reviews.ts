import { badRequest } from '../../kube/status.ts';
import { isRecord, own } from '../json.ts';
import { jsonAnswer, type Answer } from './answer.ts';
import type { ReviewResource } from './discovery.ts';
import { mayUsePath, mayUseResource, rulesOf } from './rights.ts';
import type { User } from './users.ts';

/** Questions about oneself: they are posted, answered from the table of rights, and not kept. */
export const reviews: readonly ReviewResource[] = [
  {
    group: 'authentication.k8s.io',
    version: 'v1',
    plural: 'selfsubjectreviews',
    kind: 'SelfSubjectReview',
  },
  {
    group: 'authorization.k8s.io',
    version: 'v1',
    plural: 'selfsubjectaccessreviews',
    kind: 'SelfSubjectAccessReview',
  },
  {
    group: 'authorization.k8s.io',
    version: 'v1',
    plural: 'selfsubjectrulesreviews',
    kind: 'SelfSubjectRulesReview',
  },
];

/** Answers `POST` of a review. Throws BadRequest. */
export function answerReview(review: ReviewResource, user: User, body: unknown): Answer {
  const apiVersion = `${review.group}/${review.version}`;
  if (!isRecord(body) || own(body, 'kind') !== review.kind || own(body, 'apiVersion') !== apiVersion) {
    throw badRequest(`the object provided is unrecognized (must be of type ${review.kind})`);
  }
  const spec = own(body, 'spec') ?? {};
  if (!isRecord(spec)) throw badRequest('spec is not an object');
  const answer = { kind: review.kind, apiVersion, metadata: {} };
  switch (review.kind) {
    case 'SelfSubjectAccessReview':
      return jsonAnswer(201, { ...answer, spec, status: { allowed: isAllowed(user, spec) } });
    case 'SelfSubjectRulesReview':
      return jsonAnswer(201, { ...answer, spec: {}, status: { ...rulesOf(user), incomplete: false } });
    default:
      return jsonAnswer(201, { ...answer, status: { userInfo: userInfo(user) } });
  }
}

function isAllowed(user: User, spec: Readonly<Record<string, unknown>>): boolean {
  const resource = own(spec, 'resourceAttributes');
  const path = own(spec, 'nonResourceAttributes');
  if (isRecord(resource)) {
    return mayUseResource(user, {
      verb: text(resource, 'verb'),
      group: text(resource, 'group'),
      resource: text(resource, 'resource'),
      subresource: text(resource, 'subresource'),
    });
  }
  if (isRecord(path)) return mayUsePath(user, text(path, 'verb'), text(path, 'path'));
  throw badRequest('spec.resourceAttributes or spec.nonResourceAttributes is required');
}

function userInfo({ name, uid, groups }: User): unknown {
  return { username: name, ...(uid === undefined ? {} : { uid }), groups };
}

function text(record: Readonly<Record<string, unknown>>, key: string): string {
  const found = own(record, key);
  return typeof found === 'string' ? found : '';
}
