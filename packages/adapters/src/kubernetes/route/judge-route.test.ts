import { describe, expect, it } from '@jest/globals';
import { findTrouble, isServed, ownersOfRules } from './judge-route.ts';
import type { Parent } from './read-route.ts';

function parent(accepted: string, resolved: string, observedGeneration: number): Parent {
  const told = { reason: 'BackendNotFound', message: 'no web-canary', observedGeneration };
  const conditions = [
    { type: 'Accepted', status: accepted, ...told },
    { type: 'ResolvedRefs', status: resolved, ...told },
  ];
  return { controllerName: 'example.com/gateway', conditions };
}

describe('a route', () => {
  it.each([
    ['nobody speaks of it', false, []],
    ['a gateway has accepted it as it is', true, [parent('True', 'True', 3)]],
    ['a gateway has accepted it as it was', false, [parent('True', 'True', 2)]],
    ['one of two gateways has', true, [parent('True', 'True', 3), parent('True', 'True', 2)]],
    ['a backend is missing', false, [parent('True', 'False', 3)]],
    ['a backend was missing before', true, [parent('True', 'False', 2), parent('True', 'True', 3)]],
    ['a gateway refuses it', false, [parent('False', 'True', 3)]],
  ])('where %s: served is %s', (_case, served, parents) => {
    expect(isServed({ parents }, 3)).toBe(served);
  });

  it('has the trouble that a gateway names', () => {
    expect(findTrouble({ parents: [parent('True', 'False', 3)] }, 3)).toBe(
      'example.com/gateway says BackendNotFound: no web-canary',
    );
    expect(findTrouble({ parents: [parent('True', 'False', 2)] }, 3)).toBeNull();
  });

  it('has rules that those manage whose fields name them', () => {
    const rules = { manager: 'argocd-controller', fieldsV1: { 'f:spec': { 'f:rules': {} } } };
    const notes = { manager: 'kubectl', fieldsV1: { 'f:metadata': { 'f:annotations': {} } } };

    expect(ownersOfRules([rules, notes, { manager: 'gateway', fieldsV1: undefined }])).toEqual(['argocd-controller']);
  });
});
