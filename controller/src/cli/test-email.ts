import { parseArgs } from 'node:util';
import { loadConfig } from '../config.ts';
import { createSilentLog } from '../log.ts';
import { isEmailAddress } from '../notify/address.ts';
import { emailReadiness } from '../notify/readiness.ts';
import { createSesNotifier } from '../notify/ses.ts';
import { sendTestMails, testMail, type TestMailResult } from '../notify/test-mail.ts';
import { EXIT_ERRORS, EXIT_OK, EXIT_WARNINGS, type CommandContext } from './command.ts';

const usage = `Usage: npm run foghorn -- test-email [--to ADDRESS ...] [--from ADDRESS]

Sends one real mail to each recipient with the settings of the environment (SENDER_EMAIL, RECIPIENT_EMAILS, AWS_*), and
says how it went.
Exit code: 0 when SES took all of them, 1 when it took some, 2 when it took none or mail is not configured.
`;

/** For one mail, credentials included: as the controller waits. */
const TIMEOUT_MS = 10_000;

/** `foghorn test-email`: does mail work? */
export async function testEmail(args: readonly string[], context: CommandContext): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      to: { type: 'string', multiple: true },
      from: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    context.out(usage);
    return EXIT_OK;
  }
  const config = loadConfig(context.env);
  const email = {
    ...config.email,
    sender: values.from ?? config.email.sender,
    recipients: values.to ?? config.email.recipients,
  };
  const readiness = emailReadiness(email, config.env);
  context.out(`${readiness.message}\n`);
  if (!readiness.configured || email.sender === undefined) return EXIT_ERRORS;
  const { clock } = context;
  const notifier = createSesNotifier({
    region: email.region,
    requestTimeoutMs: TIMEOUT_MS,
    clock,
    log: createSilentLog(),
  });
  try {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    const content = testMail({ now: clock.now(), dashboardUrl: config.dashboard.url, timeZone });
    const to = email.recipients.filter(isEmailAddress);
    return report(await sendTestMails(notifier, content, { from: email.sender, to }), context);
  } finally {
    notifier.close();
  }
}

function report(results: readonly TestMailResult[], { out }: CommandContext): number {
  for (const { to, delivery } of results) {
    const how = delivery.kind === 'sent' ? `accepted, message ${delivery.messageId}` : `FAILED: ${delivery.message}`;
    out(`${to}: ${how}\n`);
  }
  const accepted = results.filter(({ delivery }) => delivery.kind === 'sent').length;
  if (accepted > 0) out('Accepted is not yet delivered: look into the inbox, and into the folder for spam.\n');
  if (accepted === 0) return EXIT_ERRORS;
  return accepted === results.length ? EXIT_OK : EXIT_WARNINGS;
}
