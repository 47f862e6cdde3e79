import { describe, expect, it } from 'vitest';
import { createEmbeddedClient } from '../apiserver/embedded-client.ts';
import { openTestApi } from '../apiserver/test-api.ts';
import { alerts, silences as silenceResource } from '../kube/client.ts';
import { createSilentLog } from '../log.ts';
import type { Silence } from '../model/silence.ts';
import { ACKNOWLEDGED_ANNOTATION } from './acknowledgement.ts';
import { createQuieting } from './quieting.ts';

describe('quieting', () => {
  it('has the silences in force once it has started, and follows acknowledgements', async () => {
    const { api, clock } = await openTestApi();
    const client = createEmbeddedClient({ api, fieldManager: 'test' });
    await client.create(silenceResource, {
      apiVersion: 'foghorn.dev/v1alpha1',
      kind: 'Silence',
      metadata: { name: 'works', namespace: 'default' },
      spec: { duration: '1h' },
    });
    const inForce: Silence[] = [];
    const marks: string[] = [];
    const quieting = createQuieting({ client, clock, log: createSilentLog() });
    await quieting.start({
      silences: {
        put: (silence) => inForce.push(silence),
        remove: () => undefined,
        standing: () => ({ state: 'Active', matched: 0 }),
      },
      acknowledge: (key, by) => marks.push(`${key} by ${by ?? 'nobody'}`),
    });
    expect(inForce.map(({ key }) => key)).toContain('default/works');
    const alert = await client.create(alerts, {
      apiVersion: 'foghorn.dev/v1alpha1',
      kind: 'Alert',
      metadata: { name: 'web-down', namespace: 'default' },
      spec: {
        policy: 'web',
        rule: 'down',
        severity: 'critical',
        target: { id: 'local/web', host: 'local', name: 'web' },
      },
    });
    const annotations = { [ACKNOWLEDGED_ANNOTATION]: ' ann ' };
    await client.update(alerts, { ...alert, metadata: { ...alert.metadata, annotations } });
    await clock.advance(0);
    expect(marks.at(-1)).toBe('default/web|down|local/web by ann');
    const stopping = quieting.stop(1000);
    await clock.advance(1000);
    await stopping;
  });
});
