import type { FastifyInstance } from 'fastify';
import type { DashboardActions } from '../actions.ts';
import type { TestMailRequest } from '../answers/mails.ts';
import type { DashboardDetails } from '../details.ts';
import { notFound, sendOutcome } from './send-outcome.ts';

export interface MailRouteDeps {
  readonly details: DashboardDetails;
  readonly actions: DashboardActions;
}

const id = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string', minLength: 1, maxLength: 400 } },
} as const;
const test = {
  type: 'object',
  properties: { to: { type: 'string', minLength: 3, maxLength: 254 } },
  additionalProperties: false,
} as const;

/**
 * A mail is written for mail readers: with styles in it, and no script. Whatever a hostile name may have smuggled in, the
 * sandbox runs nothing, and only a page of ours may frame it.
 */
const mailPolicy =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

/** Mails: what was sent, held back and refused, as it reads; and a test. */
export function mailRoutes(app: FastifyInstance, { details, actions }: MailRouteDeps): void {
  app.get('/api/mails', () => details.mails.list());
  app.get<{ Params: { id: string } }>('/api/mails/:id/html', { schema: { params: id } }, ({ params }, reply) => {
    const html = details.mails.html(params.id);
    if (html === undefined) return notFound(reply, 'mail of this id any more');
    return reply
      .headers({ 'content-security-policy': mailPolicy, 'x-frame-options': 'SAMEORIGIN', 'cache-control': 'no-store' })
      .type('text/html; charset=utf-8')
      .send(html);
  });
  app.post<{ Body: TestMailRequest }>('/api/mails/test', { schema: { body: test } }, async ({ body }, reply) =>
    sendOutcome(reply, await actions.sendTestMail(body.to), (answer) => answer),
  );
}
