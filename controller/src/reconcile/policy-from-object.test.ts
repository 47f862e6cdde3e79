import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube/client.ts';
import { policyFromObject } from './policy-from-object.ts';

function withWebhooks(webhooks: unknown, routes?: unknown): KubeObject {
  return {
    apiVersion: 'foghorn.dev/v1alpha1',
    kind: 'MonitorPolicy',
    metadata: { name: 'hooks', namespace: 'default' },
    spec: {
      selector: {},
      rules: [],
      interval: '30s',
      stopGrace: '15s',
      cooldown: '5m',
      watchHosts: true,
      suspend: false,
      notify: {
        email: { minSeverity: 'info', routes },
        sendResolved: true,
        groupWait: '0s',
        groupInterval: '0s',
        webhooks,
      },
    },
  };
}

describe('the webhooks of a policy', () => {
  it.each([
    [undefined, undefined],
    [[], []],
    [
      [
        { format: 'slack', urlEnv: 'SLACK_URL' },
        { format: 'alertmanager', url: 'https://h.example/x', secretEnv: 'KEY' },
      ],
      ['slack+env:SLACK_URL', 'alertmanager+https://h.example/x#secretEnv=KEY'],
    ],
  ])('%j are the recipients %j', (webhooks, recipients) => {
    expect(policyFromObject(withWebhooks(webhooks))).toMatchObject({
      kind: 'policy',
      policy: { notify: { webhooks: recipients } },
    });
  });

  it('are routes when they are told of the worse only, behind those of mail', () => {
    const mail = [{ minSeverity: 'warning', to: ['lead@example.org'] }];
    const hooks = [
      { format: 'slack', urlEnv: 'SLACK_URL', minSeverity: 'critical' },
      { format: 'slack', urlEnv: 'ALL', minSeverity: 'info' },
    ];
    expect(policyFromObject(withWebhooks(hooks, mail))).toMatchObject({
      policy: {
        notify: {
          webhooks: ['slack+env:ALL'],
          routes: [...mail, { minSeverity: 'critical', to: ['slack+env:SLACK_URL'] }],
        },
      },
    });
  });

  it('are refused without an address', () => {
    expect(policyFromObject(withWebhooks([{ format: 'slack' }]))).toEqual({
      kind: 'invalid',
      field: 'spec.notify.webhooks[0]',
      message: 'needs url or urlEnv',
    });
  });
});
