import { mkdirSync } from 'node:fs';
import { Registry } from 'prom-client';
import { createBook, type AlertBook } from '../alert/book.ts';
import { createDockerView } from '../apiserver/docker-view/docker-view.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { createCollecting, type Collecting, type CollectingDeps } from './collecting.ts';
import { createControlPlane, type ControlPlane } from './control-plane.ts';
import type { CallCounter } from '../dashboard/api-instruments.ts';
import { createInstruments, measureLeadership } from '../dashboard/instruments.ts';
import { createDockerReader } from './docker-reader.ts';
import { createDelivering, createPusher, defaultRecipients, type Delivering } from './delivering.ts';
import { createFence } from './fence.ts';
import { openHistory } from './history.ts';
import { createLoadSurroundings } from './load-surroundings.ts';
import type { LoadSurroundings } from '../loadtest/result.ts';
import type { Log } from '../log.ts';
import { createMailBudgetUpkeep, type MailBudgetUpkeep } from './mail-budget.ts';
import type { Instruments } from '../model/instruments.ts';
import type { Leadership } from '../model/leadership.ts';
import { createBudget, type Budget } from '../notify/budget-keeper.ts';
import { createEvidence } from '../pipeline/evidence.ts';
import type { AlertmanagerPusher } from '../notify/alertmanager-push.ts';
import { createLedger, type Ledger } from '../pipeline/ledger.ts';
import { createChronicler, type Chronicler } from '../pipeline/chronicler.ts';
import { createPipeline, type Pipeline } from '../pipeline/pipeline.ts';
import { createProblems, type Problems } from '../problems.ts';
import type { StoredHistory } from '../record/history/stored-history.ts';
import { createLogs, type Logs } from '../record/logs/logs.ts';
import { createWindows } from '../record/window.ts';
import { alertObjectName } from '../reconcile/alert-object.ts';

export interface Environment extends Pick<CollectingDeps, 'watchedUntil' | 'share'> {
  readonly clock: Clock;
  readonly log: Log;
  /** Folder of the CRDs. */
  readonly crdDir: string;
  /** Folder of the bundled page. */
  readonly webDir: string;
  /** Of several replicas this is the one that leads, for as long as it says; absent: there is this one. */
  readonly leadership?: Leadership | undefined;
  /** Calls of API servers that this process has made already; absent: none. */
  readonly calls?: CallCounter | undefined;
}

/** All that runs, wired together. */
export interface Parts extends Collecting, Recording, Delivering {
  readonly problems: Problems;
  readonly control: ControlPlane;
  readonly ledger: Ledger;
  readonly pipeline: Pipeline;
  readonly pusher?: AlertmanagerPusher | undefined;
  /** What load tests see of the rest. */
  readonly surroundings: LoadSurroundings;
  readonly budgetUpkeep: MailBudgetUpkeep;
  readonly registry: Registry;
  readonly instruments: Instruments;
}

interface Recording {
  readonly history: StoredHistory;
  readonly logs: Logs;
}

/** Windows for rules over time: an hour, and enough points for an interval of 5 s. */
const WINDOW_AGE_MS = 3_600_000;
const WINDOW_POINTS = 720;
/** A container that was not seen running for so long is not remembered over a restart. */
const SEEN_RUNNING_MS = 86_400_000;
const QUOTA_TIMEOUT_MS = 5000;

export async function assemble(config: Config, environment: Environment): Promise<Parts> {
  const { clock, log, leadership } = environment;
  const fence = createFence(leadership);
  mkdirSync(config.dataDir, { recursive: true });
  const problems = createProblems({ clock, log });
  const metering = createMetering(config, environment);
  const collecting = await createCollecting(config, { ...environment, ...metering, problems });
  const { collector } = collecting;
  const reader = createDockerReader({ collector, snapshot: () => pipeline.snapshot() });
  const view = config.dockerView ? createDockerView({ reader, clock }) : undefined;
  const common = { problems, clock, log, fence };
  const control = await createControlPlane({ ...common, ...metering, config, crdDir: environment.crdDir, view });
  const recording = await createRecording(config, common);
  const windows = createWindows({ maxAgeMs: WINDOW_AGE_MS, maxPoints: WINDOW_POINTS });
  const budget = await restoreBudget(config, control);
  const delivering = await createDelivering(config, {
    ...common,
    budget,
    complete: createEvidence({ windows, history: recording.history, collector, clock, log }),
    onResult: (result) => {
      pipeline.delivered(result);
      control.narrator.delivered(result);
    },
  });
  const { chronicle } = recording.history;
  const chronicler = createChronicler({ chronicle, sink: noticed(control.alertSink, delivering.mails), clock });
  const { book, ledger } = await restoreBook(control, chronicler, log);
  const pipeline: Pipeline = createPipeline({
    ...recording,
    ...delivering,
    chronicle,
    collector,
    windows,
    book,
    ledger,
    ...common,
    defaults: defaultRecipients(config),
    alertRetentionMs: config.alertRetentionMs,
    seenRunning: await recording.history.seenRunning(clock.now() - SEEN_RUNNING_MS),
    watchedUntil: environment.watchedUntil ?? clock.now(),
    loads: control.loads,
    budget,
    ...metering,
    objectName: alertObjectName,
    onChange: control.narrator.alertChanged,
    onHeldBack: heldBackTo(delivering.mails, control),
  });
  const surroundings = createLoadSurroundings({
    ...recording,
    collector,
    pipeline,
    windows,
    alerts: book.list,
    objectName: alertObjectName,
  });
  const pusher = createPusher(config, { ...common, alerts: book.list });
  return {
    ...recording,
    ...delivering,
    ...metering,
    ...collecting,
    budgetUpkeep: await createUpkeep(config, environment, { budget, save: control.budgetStore.save }),
    problems,
    control,
    ledger,
    pipeline,
    pusher,
    surroundings,
  };
}

function createMetering(
  { replica }: Config,
  { leadership, calls }: Environment,
): Pick<Parts, 'registry' | 'instruments'> {
  const registry = new Registry();
  if (leadership && replica) measureLeadership(registry, replica.leaseName, leadership);
  return { registry, instruments: createInstruments(registry, calls) };
}

function heldBackTo(
  { budgetHolds }: Delivering['mails'],
  { narrator }: ControlPlane,
): ControlPlane['narrator']['heldBack'] {
  return (notification) => {
    budgetHolds([notification]);
    narrator.heldBack(notification);
  };
}

/** What is written of alerts tells the list of mails why nothing was sent. */
function noticed(sink: ControlPlane['alertSink'], mails: Delivering['mails']): ControlPlane['alertSink'] {
  return {
    remove: sink.remove,
    async save(alerts) {
      mails.written(alerts);
      await sink.save(alerts);
    },
  };
}

async function restoreBook(
  control: ControlPlane,
  chronicler: Chronicler,
  log: Log,
): Promise<{ readonly book: AlertBook; readonly ledger: Ledger }> {
  const book = createBook();
  const ledger = createLedger(chronicler, log);
  const restored = await control.restoreAlerts();
  book.restore(restored);
  ledger.adopt(restored);
  await chronicler.resume(restored);
  return { book, ledger };
}

async function restoreBudget({ email }: Config, { budgetStore }: ControlPlane): Promise<Budget> {
  const budget = createBudget({ perDay: email.budgetPerDay, perSecond: email.ratePerSecond });
  budget.restore(await budgetStore.load());
  return budget;
}

/** Asks SES what may be sent; loaded late, as all of its SDK. */
async function createUpkeep(
  config: Config,
  { clock, log }: Environment,
  parts: { readonly budget: Budget; readonly save: ControlPlane['budgetStore']['save'] },
): Promise<MailBudgetUpkeep> {
  const { createSesQuota } = await import('../notify/ses-quota.ts');
  const quota = createSesQuota({ region: config.email.region, timeoutMs: QUOTA_TIMEOUT_MS, clock });
  return createMailBudgetUpkeep({ ...parts, quota, clock, log });
}

async function createRecording(
  config: Config,
  common: Pick<Environment, 'clock' | 'log'> & { readonly problems: Problems },
): Promise<Recording> {
  return {
    history: await openHistory(config, common),
    logs: createLogs({
      dir: config.logDir,
      maxBytes: config.logMaxBytes,
      keepFiles: config.logKeepFiles,
      showHost: config.dockerHosts.length > 1,
      ...common,
    }),
  };
}
