import { DASHBOARD_PORT, SES_PORT, WEBAPP_PORT } from './places.ts';
import { usesMailSandbox, type Settings } from './settings.ts';

export type Mode = 'compose' | 'local';

/** What a user wants to know once the system runs. */
export function summary(mode: Mode, settings: Settings): string {
  const mails = usesMailSandbox(settings)
    ? `http://localhost:${SES_PORT}  (sandbox: nothing leaves this machine)`
    : `Amazon SES ${settings['AWS_REGION'] ?? ''}, from ${settings['SENDER_EMAIL'] ?? ''}`;
  const load =
    mode === 'compose'
      ? 'STRESS_LEVEL=high docker compose --profile load up -d load'
      : `STRESS_LEVEL=high TARGET_URL=http://127.0.0.1:${WEBAPP_PORT} npm start -w loadgen`;
  const output = mode === 'compose' ? 'docker compose logs -f controller' : 'tail -f logs/controller.log';
  const rows: readonly (readonly [string, string])[] = [
    ['dashboard', `http://localhost:${DASHBOARD_PORT}`],
    ['application', `http://localhost:${WEBAPP_PORT}`],
    ['mails', mails],
    ['logs', 'logs/metrics.log, status.log, report.log  (tail -f logs/status.log)'],
    ['output', output],
    ['policies', 'policies/*.yaml, applied as they change'],
    ['load', load],
    ['stop', 'npm run down  (npm run down -- --volumes also deletes the data)'],
  ];
  return rows.map(([name, text]) => `  ${name.padEnd(12)} ${text}`).join('\n');
}
