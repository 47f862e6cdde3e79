import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { testEmail } from '../../controller/src/cli/test-email.ts';
import { systemClock } from '../../controller/src/clock.ts';
import { startFakeSes, type FakeSes } from './fake-ses.ts';
import { stubSesEnvironment } from './ses-environment.ts';

const configured = { SENDER_EMAIL: 'alerts@example.org', RECIPIENT_EMAILS: 'ops@example.org,dev@example.org' };

async function run(args: readonly string[], env: Readonly<Record<string, string>>) {
  let output = '';
  const write = (text: string): void => {
    output += text;
  };
  const context = { crdDir: '', env, clock: systemClock, readStdin: async () => '', out: write, err: write };
  return { exitCode: await testEmail(args, context), output };
}

describe('foghorn test-email', () => {
  let ses: FakeSes;
  beforeEach(async () => {
    ses = await startFakeSes();
    stubSesEnvironment(ses.url);
  });
  afterEach(async () => {
    await ses.close();
    vi.unstubAllEnvs();
  });

  it('sends a mail to each recipient, and says so', async () => {
    const { exitCode, output } = await run([], configured);
    expect(exitCode).toBe(0);
    expect(output).toMatch(/ops@example.org: accepted, message fake-1/);
    expect(ses.accepted.map(({ to }) => to[0])).toEqual(['ops@example.org', 'dev@example.org']);
    expect(ses.accepted[0]).toMatchObject({ subject: '[TEST] Foghorn can reach you' });
    expect(ses.accepted[0]?.text).toContain('nothing is wrong');
  });

  it('says what SES says of the recipient it refuses', async () => {
    const message = 'Email address is not verified. The following identities failed the check: dev@example.org';
    ses.behave(({ to }) =>
      to.includes('dev@example.org')
        ? { kind: 'error', status: 400, code: 'MessageRejected', message }
        : { kind: 'accept' },
    );
    const { exitCode, output } = await run([], configured);
    expect(exitCode).toBe(1);
    expect(output).toContain('dev@example.org: FAILED: MessageRejected');
  });

  it('ends with an error when nothing was taken', async () => {
    ses.behave(() => ({ kind: 'error', status: 403, code: 'InvalidClientTokenId', message: 'no' }));
    const { exitCode, output } = await run(['--to', 'me@example.org'], configured);
    expect(exitCode).toBe(2);
    expect(output).toContain('me@example.org: FAILED: InvalidClientTokenId');
    expect(output).toContain('Check the AWS credentials');
  });

  it.each([
    [{}, 'set SENDER_EMAIL and RECIPIENT_EMAILS'],
    [{ SENDER_EMAIL: 'x' }, 'set RECIPIENT_EMAILS'],
  ])('sends nothing with the settings %j', async (env, words) => {
    const { exitCode, output } = await run([], env);
    expect(exitCode).toBe(2);
    expect(output).toContain(words);
    expect(ses.requests()).toBe(0);
  });
});
