import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Checker } from '../../cli/lint.ts';
import type { Clock } from '../../clock.ts';
import { done, refused, type DashboardActions, type Outcome } from '../../dashboard/actions.ts';
import type { LoadTestSpan } from '../../dashboard/answers/container.ts';
import type { LoadSample, LoadStartedAnswer, LoadStartRequest } from '../../dashboard/answers/load-tests.ts';
import type { LoadTestDetails, Span } from '../../dashboard/details.ts';
import { loadTests, type KubeObject, type ResourceClient } from '../../kube/client.ts';
import { notFound } from '../../kube/status.ts';
import type { Alert } from '../../model/alert.ts';
import type { LoadPoint, LoadTestSnapshot } from '../../model/load-test.ts';
import type { LoadTestSpec } from '../../model/resources.generated.ts';
import type { Target } from '../../model/target.ts';
import type { ReadSamples } from '../../loadtest/impact.ts';
import { RERUN_ANNOTATION } from '../../reconcile/load-test-from-object.ts';
import type { Manifest } from '../../reconcile/manifests.ts';
import { ownedElsewhere } from '../../reconcile/origin.ts';
import { checkText, keyOf } from './check.ts';
import { loadTestAnswer, loadTestSummary, spanOf, statusOf } from './load-test-answer.ts';
import { refusing } from './refusing.ts';

export interface LoadDeskDeps {
  readonly client: ResourceClient;
  readonly checker: Checker;
  readonly snapshots: () => readonly LoadTestSnapshot[];
  /** What was measured while a test ran, as long as it is remembered. */
  readonly series: (key: string) => readonly LoadPoint[];
  readonly targets: () => readonly Target[];
  readonly alerts: () => readonly Alert[];
  readonly readSamples: ReadSamples;
  /** Folder of sample load tests; it need not be there. */
  readonly samplesDir: string;
  /** Why none can be run; undefined when they can. */
  readonly unavailable: string | undefined;
  readonly clock: Clock;
}

export type LoadDesk = LoadTestDetails &
  Pick<DashboardActions, 'startLoadTest' | 'stopLoadTest'> & {
    /** Runs that touched a container in a time. */
    spans(containerName: string, span: Span): Promise<readonly LoadTestSpan[]>;
  };

const MAX_LISTED = 200;
const MAX_SAMPLES = 50;
const MAX_SAMPLE_BYTES = 65_536;

/** Load tests as people start, watch and stop them on the page. */
export function createLoadDesk(deps: LoadDeskDeps): LoadDesk {
  const { client, snapshots } = deps;
  const list = async (): Promise<readonly KubeObject[]> => (await client.list(loadTests)).items;
  const find = (key: string): Promise<KubeObject | undefined> => {
    const [namespace = '', name = ''] = key.split('/');
    return client.get(loadTests, namespace, name);
  };
  return {
    async list() {
      const known = new Map(snapshots().map((one) => [`${one.namespace}/${one.name}`, one]));
      const all = (await list()).map((object) => loadTestSummary(object, known.get(keyOf(object))));
      return {
        loadTests: all.toSorted((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0)).slice(0, MAX_LISTED),
        unavailable: deps.unavailable ?? null,
      };
    },
    async read(key) {
      const object = await find(key);
      return object && loadTestAnswer(deps, object);
    },
    samples: () => readSamplesOf(deps.samplesDir),
    async spans(containerName, { fromMs, toMs }) {
      return (await list())
        .filter((object) => statusOf(object)?.impact?.some(({ container }) => container === containerName) === true)
        .flatMap((object) => spanOf(object) ?? [])
        .filter(({ from, to }) => from <= toMs && (to ?? Infinity) >= fromMs)
        .toSorted((a, b) => a.from - b.from);
    },
    startLoadTest: (request) => start(deps, find, request),
    stopLoadTest: (key) => stop(deps, find, key),
  };
}

type Find = (key: string) => Promise<KubeObject | undefined>;

async function start(deps: LoadDeskDeps, find: Find, request: LoadStartRequest): Promise<Outcome<LoadStartedAnswer>> {
  if (deps.unavailable !== undefined) return refused('unavailable', deps.unavailable);
  const read = readRequest(deps, request);
  if (read.kind === 'refused') return read;
  const manifest = read.value;
  const key = keyOf(manifest.object);
  if (deps.snapshots().some(({ namespace, name, running }) => running && `${namespace}/${name}` === key)) {
    return refused('conflict', `${key} is running; stop it first`);
  }
  const present = await find(key);
  const owner = present && ownedElsewhere(present);
  if (owner !== undefined) return refused('conflict', owner);
  return refusing(() => declare(deps, present, pointedAt(manifest, request.url)), manifest);
}

function readRequest({ samplesDir, checker }: LoadDeskDeps, request: LoadStartRequest): Outcome<Manifest> {
  const yaml = request.yaml ?? readSamplesOf(samplesDir).find(({ name }) => name === request.sample)?.yaml;
  if (yaml === undefined) return refused('notFound', `there is no sample ${request.sample ?? ''}`);
  const { documents, problems } = checkText(yaml, 'LoadTest', checker);
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [manifest] = documents;
  if (errors.length > 0 || manifest === undefined) {
    return refused('invalid', errors[0]?.message ?? 'it is not valid', errors);
  }
  return documents.length > 1 ? refused('invalid', 'one load test at a time') : done(manifest);
}

function pointedAt(manifest: Manifest, url: string | undefined): KubeObject {
  const { object } = manifest;
  const { name, namespace = 'default', labels = {}, annotations = {} } = object.metadata;
  const metadata = { name, namespace, labels, annotations };
  if (url === undefined) return { ...object, metadata };
  const spec = object.spec as LoadTestSpec;
  return { ...object, metadata, spec: { ...spec, target: { ...spec.target, url } } };
}

/** One of this name that is over runs again; what may not change once a test has begun is refused by the store. */
async function declare(
  { client, clock }: LoadDeskDeps,
  present: KubeObject | undefined,
  wanted: KubeObject,
): Promise<LoadStartedAnswer> {
  const key = keyOf(wanted);
  if (present === undefined) {
    await client.create(loadTests, wanted);
    return { key, action: 'created' };
  }
  const annotations = { ...present.metadata.annotations, [RERUN_ANNOTATION]: new Date(clock.now()).toISOString() };
  const spec = { ...(present.spec as LoadTestSpec), ...(wanted.spec as Partial<LoadTestSpec>), suspend: false };
  await client.update(loadTests, { ...present, spec, metadata: { ...present.metadata, annotations } });
  return { key, action: 'rerun' };
}

/** Suspends: the generators of a running test end, and its object stays, to be started anew. */
async function stop({ client }: LoadDeskDeps, find: Find, key: string): Promise<Outcome<true>> {
  const present = await find(key);
  const owner = present && ownedElsewhere(present);
  if (owner !== undefined) return refused('conflict', owner);
  return refusing(async (): Promise<true> => {
    if (present === undefined) throw notFound(loadTests, key.split('/')[1] ?? '');
    await client.update(loadTests, { ...present, spec: { ...(present.spec as LoadTestSpec), suspend: true } });
    return true;
  });
}

/** Those of the repository and of the image; read when asked, for they are few and small. */
function readSamplesOf(dir: string): readonly LoadSample[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map(({ name }) => name)
    .sort()
    .slice(0, MAX_SAMPLES)
    .map((file) => {
      const yaml = readFileSync(join(dir, file), 'utf8').slice(0, MAX_SAMPLE_BYTES);
      return { name: file.replace(/\.ya?ml$/, ''), yaml, description: descriptionOf(yaml) };
    });
}

function descriptionOf(yaml: string): string {
  const lines = yaml.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('#'));
  return lines
    .slice(0, Math.max(0, end))
    .map((line) => line.replace(/^#\s?/, ''))
    .join(' ');
}
