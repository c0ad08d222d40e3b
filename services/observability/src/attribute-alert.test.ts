import { describe, expect, it } from '@jest/globals';
import type { Target } from '@orchestra/contracts';
import type { NewJob, ServiceStore } from '@orchestra/runtime';
import { aContext } from '@orchestra/testkit';
import { attributeAlert } from './attribute-alert.ts';
import { parseAlerts } from './parse-alerts.ts';
import { firing, servingTarget } from './serving-target.fixture.ts';

async function attribute(targets: readonly (Target | { unknown: true })[], change: object = {}) {
  const [alert] = parseAlerts({ alerts: [{ ...firing, ...change }] }).firing;
  const queued: NewJob[] = [];
  const store: Partial<ServiceStore> = {
    listTargets: async () => targets.map((target) => ({ key: 'k', version: 1, target: JSON.stringify(target) })),
    audit: async () => {},
    async enqueue(job) {
      queued.push(job);
      return 'created';
    },
  };
  const context = aContext('observability', { store });
  const ended = await attributeAlert({ alert, services: 1 }, context, { blastLimit: 3 });
  return { ended, queued };
}

describe('attributeAlert', () => {
  it('hands an alert over to the run of the release that it belongs to', async () => {
    const { ended, queued } = await attribute([servingTarget('run-2')]);

    expect(ended.events).toEqual([]);
    expect(queued).toMatchObject([{ handler: 'outside_alert', runId: 'run-2', unit: null }]);
  });

  it('tells people of an alert that belongs to no release, and starts nothing', async () => {
    const { ended, queued } = await attribute([]);

    expect(queued).toEqual([]);
    expect(ended.events).toMatchObject([
      {
        topic: 'observability_alert',
        data: {
          release: null,
          attribution: 'ELSEWHERE',
          source: 'EXTERNAL',
          reason: 'service_unknown',
          service: 'web',
        },
      },
    ]);
  });

  it('is not kept from its work by the document of another target', async () => {
    const { queued } = await attribute([{ unknown: true }, servingTarget('run-2')]);

    expect(queued).toMatchObject([{ handler: 'outside_alert', runId: 'run-2' }]);
  });

  it('leaves an alert of the time before a rollback to people: what was brought back has not caused it', async () => {
    const back = { from: 'r3', to: 'r2', cause: 'x', at: '2026-01-01T14:00:00Z', byPerson: false, ousted: null };

    const { ended } = await attribute([{ ...servingTarget('run-2'), rollbacks: [back] }]);

    expect(ended.events).toMatchObject([{ data: { reason: 'older_than_release' } }]);
  });
});
