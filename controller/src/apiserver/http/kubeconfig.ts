import { stringify } from 'yaml';

/** A kubeconfig with one context for each credential; the first is the current one. */
export function renderKubeconfig(options: {
  readonly server: string;
  readonly authorityPem: string;
  readonly users: readonly { readonly name: string; readonly token: string }[];
}): string {
  const names = options.users.map(({ name }) => ({ name, context: name === 'admin' ? 'foghorn' : `foghorn-${name}` }));
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'foghorn',
        cluster: {
          server: options.server,
          'certificate-authority-data': Buffer.from(options.authorityPem).toString('base64'),
        },
      },
    ],
    users: options.users.map(({ name, token }) => ({ name: `foghorn-${name}`, user: { token } })),
    contexts: names.map(({ name, context }) => ({
      name: context,
      context: { cluster: 'foghorn', user: `foghorn-${name}`, namespace: 'default' },
    })),
    'current-context': names[0]?.context ?? '',
  });
}
