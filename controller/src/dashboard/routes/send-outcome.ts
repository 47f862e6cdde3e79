import type { FastifyReply } from 'fastify';
import type { Outcome, RefusalReason } from '../actions.ts';
import type { ErrorAnswer } from '../answers/policies.ts';

const statuses: Readonly<Record<RefusalReason, number>> = {
  notFound: 404,
  conflict: 409,
  invalid: 422,
  tooLarge: 413,
  busy: 429,
  unavailable: 503,
};

/** Answers with what was done, or with why it was not. */
export function sendOutcome<T>(reply: FastifyReply, outcome: Outcome<T>, answerOf: (value: T) => unknown): unknown {
  if (outcome.kind === 'done') return answerOf(outcome.value);
  const { reason, message, details } = outcome;
  const answer: ErrorAnswer = { error: message, ...(details !== undefined && { details }) };
  return reply.code(statuses[reason]).send(answer);
}

export function notFound(reply: FastifyReply, what: string): unknown {
  const answer: ErrorAnswer = { error: `there is no ${what}` };
  return reply.code(404).send(answer);
}
