import { expect, it } from 'vitest';
import { openTestFace } from './test-face.ts';

const NAMESPACE = '/api/v1/namespaces/team';

it('keeps what is in a namespace that is not the one to be deleted', async () => {
  const { ask } = await openTestFace();
  ask('POST /api/v1/namespaces', { body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } } });
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'notes' }, data: { a: 'b' } };
  ask(`POST ${NAMESPACE}/configmaps`, { body });
  const uid = '8f6c7067-d9de-4103-b8eb-a583433908a3';
  expect(ask(`DELETE ${NAMESPACE}`, { body: { preconditions: { uid } } }).status).toBe(409);
  expect(ask(`GET ${NAMESPACE}/configmaps/notes`).status).toBe(200);
  expect(ask(`DELETE ${NAMESPACE}`).status).toBe(200);
  expect(ask(`GET ${NAMESPACE}/configmaps/notes`).status).toBe(404);
});
