import { describe, expect, it } from '@jest/globals';
import { renderDrift } from './render-drift.ts';

describe('renderDrift', () => {
  it('names what was changed, by whom and when, as far as the cluster says it', () => {
    const deployment = { object: 'Deployment web-1-r2', field: '.spec.replicas' };
    const changes = [
      { ...deployment, manager: 'kubectl', at: '2026-01-01T10:00:00.000Z' },
      { object: 'Service web', field: '.spec.selector', manager: null, at: null },
      { object: 'Service web', field: null, manager: null, at: null },
    ];

    expect(renderDrift({ release: 'r2', epoch: 4, seenAt: '2026-01-01T10:01:00.000Z', changes })).toEqual([
      'Deployment web-1-r2: .spec.replicas was changed by kubectl at 2026-01-01T10:00:00.000Z',
      'Service web: .spec.selector was changed by somebody, seen at 2026-01-01T10:01:00.000Z',
      'Service web is gone, seen at 2026-01-01T10:01:00.000Z',
    ]);
  });
});
