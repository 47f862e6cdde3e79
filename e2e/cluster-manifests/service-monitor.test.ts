import type { V1ServiceSpec } from '@kubernetes/client-node';
import { beforeEach, expect, it } from 'vitest';
import { requireKubectl, skipUnless } from '../requirements.ts';
import { buildManifests, ofKind } from './built-manifests.ts';
import { selects } from './workloads.ts';

interface MonitorSpec {
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly endpoints: readonly { readonly port: string }[];
}

beforeEach((context) => skipUnless(context, requireKubectl()));

it('the ServiceMonitor finds the one Service behind which all replicas are, by a port that it has', () => {
  const objects = buildManifests('variants/service-monitor');
  const monitor = ofKind(objects, 'ServiceMonitor')[0]?.spec as MonitorSpec | undefined;
  const wanted = monitor?.selector.matchLabels ?? {};
  const services = ofKind(objects, 'Service').filter(({ metadata }) => selects(wanted, metadata.labels ?? {}));
  expect(services.map(({ metadata }) => metadata.name)).toEqual(['foghorn']);
  const service = services[0]?.spec as V1ServiceSpec | undefined;
  expect(service?.ports?.map(({ name }) => name)).toContain(monitor?.endpoints[0]?.port);
});
