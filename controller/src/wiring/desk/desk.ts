import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import type { Config } from '../../config.ts';
import type { Desk } from '../../dashboard/routes/desk.ts';
import { expressionNames } from '../../evaluate/expression-names.ts';
import { alertObjectName } from '../../reconcile/alert-object.ts';
import type { Parts } from '../assembly.ts';
import { createAlertDesk } from './alerts.ts';
import { containerDetails } from './containers.ts';
import { createLoadDesk } from './load-tests.ts';
import { createMailDesk } from './mails.ts';
import { createPolicyDesk } from './policies.ts';
import { createPreview } from './preview.ts';

export type DeskParts = Pick<
  Parts,
  'control' | 'collector' | 'pipeline' | 'history' | 'surroundings' | 'mails' | 'notifier' | 'outbox'
>;

/** Where the repository and the image have the sample load tests. */
const SAMPLES_DIR = join(import.meta.dirname, '../../../../manifests/loadtests');

/** Everything that the page can look up and do, from the parts that know it. */
export function createDesk(config: Config, parts: DeskParts, clock: Clock): Desk {
  const { control, collector, pipeline, history } = parts;
  const { client, kinds } = control.page;
  const checker = control.page;
  const alerts = (): ReturnType<typeof pipeline.overview>['alerts'] => pipeline.overview().alerts;
  const policies = createPolicyDesk({ client, checker });
  const alertDesk = createAlertDesk({ client, alerts, watchersOf: (id) => watchersOf(parts, id), clock });
  const loads = createLoadDesk({
    client,
    checker,
    snapshots: control.loads.list,
    series: control.loads.series,
    targets: collector.targets,
    alerts,
    readSamples: parts.surroundings.readSamples,
    samplesDir: SAMPLES_DIR,
    unavailable:
      config.loadTests.launcher === 'off' ? 'load tests are switched off: LOADTEST_LAUNCHER is off' : undefined,
    clock,
  });
  const mails = createMailDesk({ ...parts, config, clock });
  return {
    details: {
      containers: containerDetails({ collector, pipeline, chronicle: history.chronicle, loadSpans: loads.spans }),
      policies: {
        ...policies,
        inForce: (key) => pipeline.standings.policies().find((policy) => policy.key === key),
        tally: pipeline.standings.tally,
        preview: createPreview({ checker, history, targets: collector.targets, clock }),
      },
      episodes: history.chronicle.episodes,
      alertObjectName,
      silences: alertDesk.silences,
      loadTests: loads,
      mails,
      schema: (kind) => named(kind, schemaOf(kinds.all.find(({ resource }) => resource.kind === kind)?.definition)),
    },
    actions: { ...policies, ...alertDesk, ...loads, ...mails },
  };
}

function watchersOf(
  { pipeline }: DeskParts,
  targetId: string,
): { name: string; policies: readonly string[] } | undefined {
  const seen = pipeline.overview().targets.find(({ observation }) => observation.target.id === targetId);
  return seen && { name: seen.observation.target.name, policies: seen.policies };
}

/** With the names that rules may use, for an editor; the schema itself says only that an expression is a text. */
function named(kind: string, schema: unknown): unknown {
  if (kind !== 'MonitorPolicy' || typeof schema !== 'object') return schema;
  return { ...schema, 'x-foghorn-expression-names': expressionNames() };
}

/** Of a CustomResourceDefinition, which was read with this layout. */
function schemaOf(definition: unknown): unknown {
  const { spec } = (definition ?? {}) as {
    spec?: { versions?: readonly { schema?: { openAPIV3Schema?: unknown } }[] };
  };
  return spec?.versions?.[0]?.schema?.openAPIV3Schema;
}
