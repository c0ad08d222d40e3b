import { describe, expect, it } from '@jest/globals';
import { keepPodHash } from './keep-pod-hash.ts';

const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
};
const narrowed = {
  resourceVersion: '7',
  annotations: {},
  spec: { selector: { app: 'old', 'rollouts-pod-template-hash': 'abc' } },
};

describe('a Service of files', () => {
  it('keeps the choice of the controller of a Rollout, and nothing else of what is there', () => {
    const kept = keepPodHash(service, narrowed);

    expect(kept).toEqual({
      ...service,
      spec: { ...service.spec, selector: { app: 'web', 'rollouts-pod-template-hash': 'abc' } },
    });
  });

  it.each([
    ['is not there', service, null],
    ['is not narrowed', service, { ...narrowed, spec: { selector: { app: 'web' } } }],
    ['selects nothing', { ...service, spec: { ports: [] } }, narrowed],
    ['is something else', { ...service, kind: 'NetworkPolicy' }, narrowed],
  ])('that %s is written as it stands', (_case, object, found) => {
    expect(keepPodHash(object, found)).toEqual(object);
  });
});
