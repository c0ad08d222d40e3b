import { describe, expect, it } from '@jest/globals';
import { demandPlace } from './demand-place.ts';

const allowed = { namespaces: ['shop'], kinds: ['Deployment', 'Service'] };
const denied = { code: 'TARGET_DENIED', retriable: false };

describe('the lists of an installation', () => {
  it('let a release into a namespace with the kinds that it takes', () => {
    expect(() => demandPlace(allowed, 'shop')).not.toThrow();
    expect(() => demandPlace({ ...allowed, kinds: ['Rollout'] }, 'shop', ['Rollout'])).not.toThrow();
  });

  it.each([
    ['a namespace that is on no list', allowed, 'other', undefined, /namespace other .*KUBERNETES_NAMESPACES/],
    [
      'a kind of its own',
      { ...allowed, kinds: ['Service'] },
      'shop',
      undefined,
      /takes a Deployment, .*KUBERNETES_KINDS/,
    ],
    ['another kind', allowed, 'shop', ['Rollout'], /takes a Rollout, .*KUBERNETES_KINDS/],
  ])('keep out a release for the sake of %s', (_what, options, namespace, kinds, message) => {
    expect(() => demandPlace(options, namespace, kinds)).toThrow(
      expect.objectContaining({ ...denied, message: expect.stringMatching(message) }),
    );
  });
});
