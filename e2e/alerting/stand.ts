import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DashboardView } from '../../controller/src/dashboard/view.ts';
import { startFakeSes, type FakeSes, type SesMail } from '../email/fake-ses.ts';
import { createControllerProcess, type ControllerProcess } from '../loadtest/controller-process.ts';
import { until } from '../until.ts';

/** A mail as its reader meets it: the subject, the first line of the body, and a line for each of several alerts. */
export type Told = readonly [subject: string, ...lines: string[]];

/** A controller in a process of its own, and the inboxes of those it tells. */
export interface Stand {
  readonly controller: ControllerProcess;
  readonly ses: FakeSes;
  state(): Promise<DashboardView>;
  /** What one reader was told, oldest first. */
  told(reader: string): readonly Told[];
  /** What one reader was told when so many mails have come, if they do, and two more rounds have passed. */
  listen(reader: string, count: number): Promise<readonly Told[]>;
  /** Lets the main loop pass so many times. */
  pass(ticks: number): Promise<void>;
  dispose(): Promise<void>;
}

/** Time between two checks, unless a test says otherwise. */
export const INTERVAL_S = 3;
/** Longest wait for something to be told: a grace time of 15 s, a round, and a machine that is busy with other things. */
export const PATIENCE_MS = 120_000;

export interface StandOptions {
  readonly settings: Readonly<Record<string, string>>;
  readonly intervalS?: number;
  /** MonitorPolicy objects that are in force from the start, besides those built in. */
  readonly policies?: readonly object[];
}

export async function createStand({ settings, intervalS = INTERVAL_S, policies = [] }: StandOptions): Promise<Stand> {
  /** A tick is a second: two rounds, and what they send. */
  const quietTicks = 2 * intervalS + 2;
  const ses = await startFakeSes();
  const controller = await createControllerProcess({
    CHECK_INTERVAL: String(intervalS),
    SENDER_EMAIL: 'foghorn@example.org',
    RECIPIENT_EMAILS: 'ops@example.org',
    AWS_ENDPOINT_URL_SES: ses.url,
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
    AWS_EC2_METADATA_DISABLED: 'true',
    LOADTEST_LAUNCHER: 'off',
    ...settings,
  });
  const folder = join(controller.folder, 'policies');
  mkdirSync(folder);
  for (const [index, policy] of policies.entries())
    writeFileSync(join(folder, `${index}.yaml`), JSON.stringify(policy));

  const told = (reader: string): readonly Told[] => ses.accepted.filter(({ to }) => to.includes(reader)).map(readMail);
  const ticks = async (): Promise<number> => {
    const text = await controller.get('/metrics');
    return Number(/^foghorn_ticks_total\{result="ok"\} (\d+)$/m.exec(text)?.[1] ?? 0);
  };
  async function pass(count: number): Promise<void> {
    const from = await ticks();
    await until(`${count} ticks pass`, PATIENCE_MS, async () => (await ticks()) >= from + count || undefined);
  }

  return {
    controller,
    ses,
    state: async () => JSON.parse(await controller.get('/api/state')) as DashboardView,
    told,
    async listen(reader, count) {
      const deadline = performance.now() + PATIENCE_MS;
      while (told(reader).length < count && performance.now() < deadline) await pass(1);
      await pass(quietTicks);
      return told(reader);
    },
    pass,
    async dispose() {
      await controller.dispose();
      await ses.close();
    },
  };
}

function readMail({ subject, text }: SesMail): Told {
  const [opening = '', overview = ''] = text.split('\n\n');
  const [headline = ''] = opening.split('\n');
  return [subject, headline, ...overview.split('\n').filter((line) => line.startsWith('- '))];
}
