import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { findKubectls } from '../kubectl/commands/clusters.ts';
import { requireKubectl, skipUnless } from '../requirements.ts';
import { buildManifests, folderOf, variants } from './built-manifests.ts';
import { startDiscoveryServer } from './discovery-server.ts';

const folders = [
  'base',
  'overlays/kind',
  'overlays/minimal',
  'overlays/namespaced',
  ...variants,
  'variants/service-monitor',
];
const APPLY_TIMEOUT_MS = 20_000;
const run = promisify(execFile);
const cases = findKubectls().flatMap((kubectl) => folders.map((folder) => ({ ...kubectl, folder })));

describe('kubectl apply --dry-run=client', { timeout: 2 * APPLY_TIMEOUT_MS }, () => {
  beforeEach((context) => skipUnless(context, requireKubectl()));

  it.each(cases)('of 1.$minor takes every object of $folder', async ({ program, folder }) => {
    const objects = buildManifests(folder);
    await using server = await startDiscoveryServer(objects);
    // Without a schema of the server: fields are checked against the API of each version elsewhere.
    const options = ['--dry-run=client', '--validate=false', `--server=${server.url}`, '--output=name'];
    const { stdout } = await run(program, ['apply', ...options, '-k', folderOf(folder)], {
      timeout: APPLY_TIMEOUT_MS,
      env: { ...process.env, KUBECONFIG: '/dev/null', KUBECACHEDIR: '/dev/null' },
    });
    expect(stdout.trim().split('\n')).toHaveLength(objects.length);
  });
});
