import type { Clock } from '../clock.ts';
import { silences as silenceResource, type KubeObject, type ResourceClient } from '../kube/client.ts';
import { setCondition } from '../kube/conditions.ts';
import type { ReconcileResult } from '../kube/work-queue.ts';
import type { SilenceStatus } from '../model/resources.generated.ts';
import type { Silence, SilenceState } from '../model/silence.ts';
import { silenceFromObject } from './silence-from-object.ts';

/** What the reconciler needs of the pipeline. */
export interface SilencePipeline {
  put(silence: Silence): void;
  remove(silenceKey: string): void;
  standing(silenceKey: string): { readonly state: SilenceState; readonly matched: number } | undefined;
}

export interface SilenceReconcilerDeps {
  readonly client: ResourceClient;
  readonly lookUp: (key: string) => KubeObject | undefined;
  readonly silences: SilencePipeline;
  readonly clock: Clock;
}

/** Status follows the alerts this often while a silence holds or may yet hold. */
const STATUS_EVERY_MS = 3000;
/** One that has expired changes only when the clock is set back. */
const EXPIRED_EVERY_MS = 60_000;

/** Puts the silence that is declared now in force; undefined when there is none, or none that can be. */
export function applySilence(
  silences: SilencePipeline,
  key: string,
  object: KubeObject | undefined,
): ReturnType<typeof silenceFromObject> | undefined {
  const isGone = object === undefined || object.metadata.deletionTimestamp !== undefined;
  const parsed = isGone ? undefined : silenceFromObject(object);
  if (parsed?.kind === 'silence') silences.put(parsed.silence);
  else silences.remove(key);
  return parsed;
}

/** Level-based: puts the silence that is declared now in force, and writes how it stands into its status. */
export function createSilenceReconciler(deps: SilenceReconcilerDeps): (key: string) => Promise<ReconcileResult> {
  return async (key) => {
    const object = deps.lookUp(key);
    const parsed = applySilence(deps.silences, key, object);
    if (object === undefined || parsed === undefined) return {};
    if (parsed.kind === 'invalid') {
      const message = `${parsed.field}: ${parsed.message}`;
      await writeStatus(deps, object, {}, { status: 'False', reason: 'InvalidSpec', message });
      return {};
    }
    const standing = deps.silences.standing(key);
    await writeStatus(deps, object, standing ?? {}, { status: 'True', reason: 'Valid', message: 'it is in force' });
    return { requeueAfterMs: standing?.state === 'Expired' ? EXPIRED_EVERY_MS : STATUS_EVERY_MS };
  };
}

interface Readiness {
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

async function writeStatus(
  { client, clock }: SilenceReconcilerDeps,
  object: KubeObject,
  standing: Pick<SilenceStatus, 'state' | 'matched'>,
  ready: Readiness,
): Promise<void> {
  const before = object.status as SilenceStatus | undefined;
  const observedGeneration = object.metadata.generation;
  const wanted = { type: 'Ready', observedGeneration, ...ready };
  const conditions = setCondition(before?.conditions ?? [], wanted, clock.now());
  const { state, matched } = standing;
  const status: SilenceStatus = { observedGeneration, conditions, state, matched };
  if (isSame(before, status)) return;
  await client.updateStatus(silenceResource, { ...object, status });
}

/** Nothing but its time could differ in a condition that stands. */
function isSame(before: SilenceStatus | undefined, after: SilenceStatus): boolean {
  return before !== undefined && essenceOf(before) === essenceOf(after);
}

function essenceOf({ observedGeneration, state, matched, conditions = [] }: SilenceStatus): string {
  const said = conditions.map(({ status, reason, message }) => [status, reason, message]);
  return JSON.stringify([observedGeneration, state, matched, said]);
}
