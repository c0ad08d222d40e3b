import { describe, expect, it } from '@jest/globals';
import { createTarget, targetKey } from './target.ts';
import { readWorldKey, worldKey, worldKeyOf } from './world-key.ts';

const name = { repository: 'acme/shop', environment: 'production', service: 'web' };
const container = { namespace: 'shop', image: `r/shop@sha256:${'a'.repeat(64)}`, port: 80, runId: 'run', commit: 'c' };

describe('the name of a target in the world', () => {
  it('is that of the target where it runs on this machine, or never ran', () => {
    expect(worldKey(createTarget(name))).toBe(targetKey(name));
    expect(readWorldKey(targetKey(name))).toEqual({ namespace: null, rollout: null, target: targetKey(name) });
  });

  it('tells the namespace of what runs in a cluster', () => {
    const key = worldKeyOf(name, { container });

    expect(readWorldKey(key)).toEqual({ namespace: 'shop', rollout: null, target: targetKey(name) });
  });

  it('tells the Argo Rollout, so that a target does not become one under what serves', () => {
    const key = worldKeyOf(name, { container: { ...container, rollout: 'shop.web' } });

    expect(readWorldKey(key)).toEqual({ namespace: 'shop', rollout: 'shop.web', target: targetKey(name) });
  });
});
