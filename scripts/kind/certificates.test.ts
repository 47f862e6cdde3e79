import { describe, expect, it } from 'vitest';
import { nodesWithoutCertificate, requestsToApprove, type RequestList } from './certificates.ts';

type Request = RequestList['items'][number];

function request(name: string, spec: Partial<Request['spec']> = {}, status?: Request['status']): Request {
  const asked = { signerName: 'kubernetes.io/kubelet-serving', username: 'system:node:a', groups: ['system:nodes'] };
  return { metadata: { name }, spec: { ...asked, ...spec }, ...(status === undefined ? {} : { status }) };
}

const issued = { conditions: [{ type: 'Approved' }], certificate: 'LS0t' };

describe('serving certificates of kubelets', () => {
  it.each([
    ['what a node asks for itself', request('x'), ['x']],
    ['nothing of an unknown node', request('x', { username: 'system:node:b' }), []],
    ['nothing of who is no node', request('x', { groups: ['system:authenticated'] }), []],
    ['nothing of another signer', request('x', { signerName: 'kubernetes.io/kube-apiserver-client' }), []],
    ['nothing that is decided', request('x', {}, { conditions: [{ type: 'Denied' }] }), []],
    ['nothing that is issued', request('x', {}, issued), []],
  ])('approves %s', (_title, item, names) => {
    expect(requestsToApprove({ items: [item] }, ['a'])).toEqual(names);
  });

  it('are missing until one is issued', () => {
    const approved = request('x', {}, { conditions: [{ type: 'Approved' }] });
    expect(nodesWithoutCertificate({ items: [approved] }, ['a', 'b'])).toEqual(['a', 'b']);
    expect(nodesWithoutCertificate({ items: [approved, request('y', {}, issued)] }, ['a', 'b'])).toEqual(['b']);
  });
});
