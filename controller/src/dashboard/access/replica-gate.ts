import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../clock.ts';
import { readReplica, REPLICA_HEADER, type ReplicaClaim, type ReplicaKey } from './replica-key.ts';

/** What a request says of the replica that it came from. */
export type ReplicaWord =
  /** Nothing: it is from elsewhere. */
  { readonly kind: 'none' } | { readonly kind: 'wrong' } | { readonly kind: 'signed'; readonly claim: ReplicaClaim };

/** Why a replica is refused, in {@link REPLICA_HEADER} of the answer. */
export type ReplicaRefusal =
  /** Another key, or a clock that is far off. */
  | 'wrong'
  /** The session has been ended here. */
  | 'signedOut'
  /** It took this one for the leader, which it is not. */
  | 'notLeading';

/** Without a key there are no other replicas, and the header says nothing. */
export function replicaWord(
  request: FastifyRequest,
  { key, clock }: { readonly key: ReplicaKey | undefined; readonly clock: Clock },
): ReplicaWord {
  const header = request.headers[REPLICA_HEADER];
  if (header === undefined || key === undefined) return { kind: 'none' };
  const { method, url: path } = request;
  const claim = typeof header === 'string' ? readReplica(key, header, { method, path, now: clock.now() }) : undefined;
  return claim === undefined ? { kind: 'wrong' } : { kind: 'signed', claim };
}

const refusals: Readonly<Record<ReplicaRefusal, { readonly status: number; readonly error: string }>> = {
  wrong: {
    status: 401,
    error: 'not signed by a replica: passwords, tokens and REPLICA_KEY are not the same here, or a clock is far off',
  },
  signedOut: { status: 401, error: 'sign in first' },
  notLeading: { status: 503, error: 'this replica does not lead' },
};

export function refuseReplica(reply: FastifyReply, reason: ReplicaRefusal): FastifyReply {
  const { status, error } = refusals[reason];
  return reply.code(status).header(REPLICA_HEADER, reason).send({ error });
}
