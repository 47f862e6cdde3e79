import { argumentsOf, runName, type LaunchOrder } from '../launcher.ts';
import type { JobObject } from './cluster.ts';

/** By these generators are found again; on the Job and on its pods. */
export const LABELS = {
  owner: 'foghorn.dev/loadtest-uid',
  run: 'foghorn.dev/loadtest-run',
  name: 'foghorn.dev/loadtest',
} as const;

/** Of the LoadTest's namespace; its keys are the names of the variables. */
export const SECRET_NAME = 'foghorn-loadtest';

/** `node` in the image: a name is not enough for runAsNonRoot. */
const USER = 1000;
/** One CPU at most: the generator is one thread. More load is more generators. Memory as a report of 50 endpoints takes. */
const RESOURCES = {
  requests: { cpu: '250m', memory: '128Mi' },
  limits: { cpu: '1', memory: '512Mi' },
} as const;
/** Requests in flight may finish for up to 5 s, and the report takes its time. */
const GRACE_SECONDS = 15;
/** A net for a controller that never comes back: it removes them itself, once it has read their reports. */
const TTL_SECONDS = 3600;
/** Start, warm-up, report. */
const OVERHEAD_SECONDS = 600;
const LABEL_CHARACTERS = 63;
/** What the kubelet makes the pod's index of: the Job controller gives every pod this variable. */
const INDEX = '$(JOB_COMPLETION_INDEX)';

/**
 * The generators of a run as one Indexed Job: the pod of index I takes the share I of rate and connections.
 * Retries are bounded for each index, so the end of one generator takes no other with it.
 */
export function jobOf(order: LaunchOrder, image: string): JobObject {
  const { owner, run, parallelism, name, namespace, planMs } = order;
  const labels = {
    'app.kubernetes.io/name': 'foghorn-loadgen',
    [LABELS.owner]: owner,
    [LABELS.run]: String(run),
    ...(name.length <= LABEL_CHARACTERS ? { [LABELS.name]: name } : {}),
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: runName(order),
      namespace,
      labels,
      ownerReferences: [{ apiVersion: 'foghorn.dev/v1alpha1', kind: 'LoadTest', name, uid: owner, controller: true }],
    },
    spec: {
      completionMode: 'Indexed',
      completions: parallelism,
      parallelism,
      // A generator that has died is not started again in the middle of its plan.
      backoffLimitPerIndex: 0,
      activeDeadlineSeconds: Math.ceil(planMs / 1000) + OVERHEAD_SECONDS,
      ttlSecondsAfterFinished: TTL_SECONDS,
      template: {
        // A sidecar would outlive the generator, and change what it measures.
        metadata: { labels: { ...labels, 'sidecar.istio.io/inject': 'false' }, annotations: UNDISTURBED },
        spec: podSpecOf(order, image),
      },
    },
  };
}

/** Asks autoscalers not to move it: what it has measured so far would be lost. */
const UNDISTURBED = {
  'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false',
  'karpenter.sh/do-not-disrupt': 'true',
} as const;

/** As the restricted pod security standard wants it: no token, no root, nothing that can be written but /tmp. */
function podSpecOf(order: LaunchOrder, image: string): object {
  const { owner, url, args, secrets = [] } = order;
  return {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: GRACE_SECONDS,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: USER,
      runAsGroup: USER,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    // Generators of one machine share its processor and its network.
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { [LABELS.owner]: owner } },
      },
    ],
    containers: [
      {
        name: 'generator',
        image,
        imagePullPolicy: 'IfNotPresent',
        args: argumentsOf({ ...order, args: args.map(literal) }, literal(url), INDEX),
        env: secrets.map((name) => ({ name, valueFrom: { secretKeyRef: { name: SECRET_NAME, key: name } } })),
        resources: RESOURCES,
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
      },
    ],
    volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '16Mi' } }],
  };
}

/** The kubelet takes `$(NAME)` in an argument for a variable, and `$$` for a dollar. */
function literal(argument: string): string {
  return argument.replaceAll('$', '$$$$');
}
