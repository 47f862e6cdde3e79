import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDockerCli } from '../engine/docker-cli.ts';
import { requireEngine, requireKubectl, skipUnless } from '../requirements.ts';
import { runController, type RunningController } from './running-controller.ts';

const docker = createDockerCli('docker-view');
const START_TIMEOUT_MS = 180_000;
const POLL = { timeout: 60_000, interval: 250 };
const TEST_TIMEOUT_MS = 120_000;
const composed = ['project=fh-view', 'service=web', 'container-number=1'].flatMap((label) => [
  '--label',
  `com.docker.compose.${label}`,
]);
const counting = 'echo begin; echo oops >&2; i=0; while :; do i=$((i+1)); echo line $i; sleep 0.2; done';

let controller: RunningController;
const kubectl = (command: string): Promise<string> => controller.kubectl(...command.split(' '));

const needs = [requireEngine(), requireKubectl()].find(({ skip }) => skip) ?? requireKubectl();

beforeAll(async () => {
  if (needs.skip) return;
  await docker.removeAll();
  await docker.run('fh-view-web', counting, ...composed, '--memory', '64m', '--cpus', '0.5');
  await docker.run('fh-view-once', 'echo bye; exit 3');
  await docker.run('fh-view-loop', 'echo one; echo two; sleep 0.5; exit 1', '--restart', 'on-failure');
  await docker.run('fh-view-tty', 'echo terminal; sleep 600', '--tty');
  controller = await runController({ HOST_NAME: 'fh-view-host', CHECK_INTERVAL: '1' });
}, START_TIMEOUT_MS);

afterAll(async () => {
  if (needs.skip) return;
  await controller.stop();
  await docker.removeAll();
}, START_TIMEOUT_MS);

beforeEach((context) => {
  skipUnless(context, needs);
});

describe('the Docker host as kubectl sees it', { timeout: TEST_TIMEOUT_MS }, () => {
  it.each([
    ['the running one of a Compose project', /^fh-view +fh-view-web +1\/1 +Running +0 +[\dms]+/m],
    ['one that failed', /^default +fh-view-once +0\/1 +Error +0 +[\dms]+/m],
    ['one with a terminal', /^default +fh-view-tty +1\/1 +Running +0 +[\dms]+/m],
    ['one that fails again and again', /^default +fh-view-loop +0\/1 +CrashLoopBackOff +[1-9]\d* +[\dms]+/m],
  ])('lists containers as pods: %s', async (_, line) => {
    await expect.poll(() => kubectl('get pods -A'), POLL).toMatch(line);
  });

  it('shows the host with -o wide', async () => {
    const wide = await kubectl('get pods -n fh-view -o wide');
    expect(wide).toMatch(/^NAME +READY +STATUS +RESTARTS +AGE +IP +NODE +NOMINATED NODE +READINESS GATES$/m);
    expect(wide).toMatch(/^fh-view-web .* fh-view-host /m);
  });

  it.each([
    ['get pods -A -l com.docker.compose.service=web,com.docker.compose.project=fh-view -o name', 'pod/fh-view-web\n'],
    ['get pods --field-selector metadata.name=fh-view-once,status.phase=Failed -o name', 'pod/fh-view-once\n'],
    [
      'get pod fh-view-web -n fh-view -o jsonpath={.spec.containers[0].resources.limits}',
      '{"cpu":"500m","memory":"64Mi"}',
    ],
    ['get all -n fh-view -o name', 'pod/fh-view-web\n'],
    ['get pods nobody', 'Error from server (NotFound): pods "nobody" not found\n'],
    ['wait pod/fh-view-web -n fh-view --for=condition=Ready --timeout=5s', 'pod/fh-view-web condition met\n'],
    ['auth can-i delete pods.metrics.k8s.io', 'yes\n'],
  ])('answers kubectl %s', async (command, answer) => {
    expect(await kubectl(command)).toBe(answer);
  });

  it('describes a pod', async () => {
    const described = await kubectl('describe pod fh-view-once');
    for (const part of [/^Node: +fh-view-host\/$/m, /Status: +Failed/, /Reason: +Error/, /Exit Code: +3/]) {
      expect(described).toMatch(part);
    }
  });

  it('lists and describes the host as a node', async () => {
    expect(await kubectl('get nodes')).toMatch(/^fh-view-host +Ready +<none> +<unknown> +\d+\.\d+/m);
    expect(await kubectl('describe node fh-view-host')).toMatch(/EngineReady[^]*fh-view +fh-view-web/);
  });

  it('shows what pods and nodes use', async () => {
    await expect.poll(() => kubectl('top pods -n fh-view'), POLL).toMatch(/^fh-view-web +\d+m +\d+Mi/m);
    await expect.poll(() => kubectl('top nodes'), POLL).toMatch(/^fh-view-host +\d+m +\d+% +\d+Mi +\d+%/m);
  });

  it('follows changes with -w', async () => {
    const watch = controller.follow('get', 'pods', '-w');
    await expect.poll(watch.output, POLL).toMatch(/fh-view-once/);
    await docker.run('fh-view-new', 'sleep 600');
    await expect.poll(watch.output, POLL).toMatch(/^fh-view-new +1\/1 +Running/m);
    await docker.docker('stop', '--time', '0', 'fh-view-new');
    await expect.poll(watch.output, POLL).toMatch(/^fh-view-new +0\/1 +Error/m);
    await watch.stop();
  });

  it('refuses to debug, and kubectl does not break at it', async () => {
    const answer = await kubectl('debug fh-view-web -n fh-view --image=busybox');
    expect(answer).toMatch(/"pods\/ephemeralcontainers": they are what the engine has, to be read only\n$/);
  });

  it('refuses to write, as a real server words it', async () => {
    expect(await kubectl('delete pod fh-view-once')).toBe(
      'Error from server (MethodNotAllowed): delete is not supported on resources of kind "pods": they are what the engine has, to be read only\n',
    );
  });
});

describe('kubectl logs', { timeout: TEST_TIMEOUT_MS }, () => {
  it('gives both streams of a container', async () => {
    const command = 'logs -n fh-view fh-view-web';
    await expect.poll(() => kubectl(command), POLL).toMatch(/^line 5\nline 6$/m);
    expect(await kubectl(command)).toMatch(/^begin$/m);
    expect(await kubectl(command)).toMatch(/^oops$/m);
  });

  it.each([
    ['logs fh-view-once', /^bye\n$/],
    ['logs fh-view-tty', /^terminal\r\n$/],
    ['logs -n fh-view fh-view-web --tail=2', /^line \d+\nline \d+\n$/],
    ['logs fh-view-once --limit-bytes=2', /^by$/],
    ['logs -n fh-view fh-view-web -c web --since=1s', /^(line \d+\n){2,7}$/],
    ['logs fh-view-once --timestamps', /^\d{4}-\d\d-\d\dT[\d:.]+Z bye\n$/],
    ['logs fh-view-loop --previous --tail=1', /^two\n$/],
    ['logs fh-view-once --previous', /previous terminated container "fh-view-once" in pod "fh-view-once" not found/],
    ['logs -n fh-view fh-view-web -c other', /container other is not valid for pod fh-view-web/],
  ])('answers kubectl %s', async (command, answer) => {
    await expect.poll(() => kubectl(command), POLL).toMatch(answer);
  });

  it('follows with -f until the client leaves', async () => {
    const log = controller.follow('logs', '-n', 'fh-view', 'fh-view-web', '-f', '--tail=1');
    await expect.poll(() => log.output().split('\n').length, POLL).toBeGreaterThan(5);
    await log.stop();
  });
});
