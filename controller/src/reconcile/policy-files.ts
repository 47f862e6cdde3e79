import type { Clock } from '../clock.ts';
import { errorMessage } from '../errors.ts';
import type { KubeObject, ResourceClient } from '../kube/client.ts';
import type { Log } from '../log.ts';
import type { Problems } from '../problems.ts';
import { applyFile, fileOf, identityOf, listOwned, pruneObject, tryFiles } from './policy-files-apply.ts';
import { planFolder, planPrune, type FaultyFile } from './policy-files-plan.ts';
import { readFolder, signatureOf } from './policy-folder.ts';

export interface PolicyFilesDeps {
  readonly folder: string;
  readonly client: ResourceClient;
  readonly problems: Problems;
  readonly clock: Clock;
  readonly log: Log;
  /** A file is broken; its objects stay as they are. */
  readonly onFault: (objects: readonly KubeObject[], message: string) => void;
}

/** Keeps the objects of a folder of YAML as the files say: applied at start and on change, pruned when removed. */
export interface PolicyFiles {
  /** One pass over the folder, if anything changed since the last or if that was long ago. */
  sync(): Promise<void>;
  /** First pass now, then one look every {@link LOOK_EVERY_MS}. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Names and times are compared this often: change notification is not to be had through every kind of mount. */
export const LOOK_EVERY_MS = 2000;
/** What somebody changed in the objects themselves is put right this often. */
const FULL_EVERY_MS = 60_000;

export function createPolicyFiles(deps: PolicyFilesDeps): PolicyFiles {
  const { folder, client, problems, clock, log } = deps;
  const abort = new AbortController();
  let signature: string | undefined;
  let syncedAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;
  let broken: ReadonlyMap<string, string> = new Map();

  async function sync(): Promise<void> {
    const present = signatureOf(folder);
    const now = clock.now();
    if (present === signature && now >= syncedAt && now - syncedAt < FULL_EVERY_MS) return;
    const ownedObjects = await listOwned(client);
    const plan = await tryFiles(client, planFolder(readFolder(folder)));
    for (const file of plan.wanted) await applyFile(client, file);
    for (const gone of planPrune(plan, ownedObjects.map(identityOf))) await pruneObject(client, gone, log);
    report(plan.faulty, ownedObjects);
    if (present !== signature)
      log.info({ folder, files: plan.wanted.length, broken: plan.faulty.length }, 'policy folder applied');
    signature = present;
    syncedAt = now;
  }

  function report(faulty: readonly FaultyFile[], objects: readonly KubeObject[]): void {
    const now = new Map(faulty.map(({ name, faults }) => [name, `${name}:${faults.join(`; ${name}:`)}`]));
    for (const name of broken.keys()) if (!now.has(name)) problems.clear(problemKey(name));
    for (const [name, message] of now) {
      problems.raise(
        problemKey(name),
        'PolicyFileBroken',
        `${message} (what this file declared before stays in force)`,
      );
      if (broken.get(name) !== message)
        deps.onFault(
          objects.filter((object) => fileOf(object) === name),
          message,
        );
    }
    broken = now;
  }

  async function run(): Promise<void> {
    while (!abort.signal.aborted) {
      await clock.sleep(LOOK_EVERY_MS, abort.signal);
      await trySync();
    }
  }

  async function trySync(): Promise<void> {
    try {
      await sync();
      problems.clear(problemKey(folder));
    } catch (error) {
      problems.raise(
        problemKey(folder),
        'PolicyFolderUnreadable',
        `the policy folder ${folder} cannot be applied: ${errorMessage(error)}`,
      );
    }
  }

  return {
    sync,
    async start() {
      await trySync();
      running ??= run().catch((error: unknown) => {
        if (!abort.signal.aborted) log.error({ err: error }, 'the policy folder is no longer followed');
      });
    },
    async stop() {
      abort.abort();
      await running;
    },
  };
}

function problemKey(name: string): string {
  return `policy-file:${name}`;
}
