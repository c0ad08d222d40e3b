import { describe, expect, it } from '@jest/globals';
import { createTarget, type RunState } from '@orchestra/contracts';
import type { Quarantined, TargetWrite } from '@orchestra/runtime';
import { aContext, aPlan } from '@orchestra/testkit';
import { anUntouchedWorld, never } from './a-world.fixture.ts';
import { plannedRelease } from './candidate.ts';
import { aSource } from './given-rollout.fixture.ts';
import { createService } from './service.ts';

const slices: RunState['slices'] = { ...aContext('deploy').run.slices, gitops: { source: aSource() } };
const commit = 'c'.repeat(40);

const plan = aPlan(`
deployment:
  environments: [staging, production]
  services:
    - { name: web, command: node main.mjs, port: 4001 }
`);
const version = plannedRelease(plan, { slices }, { environment: 'production', service: 'web' })?.version ?? '';

const releases = anUntouchedWorld({ demandSandbox: async () => {} });

interface Given {
  key: string;
  run?: Partial<RunState>;
  environment?: string;
  generation?: number;
  /** A person has ordered the promotion. */
  isPromoted?: boolean;
}

/** The gate of a rollout opens while a version or a commit is in quarantine. */
async function openGate({ key, run = {}, environment = 'production', generation = 1, isPromoted = false }: Given) {
  const why = { reason: 'threshold_breached', alertId: 'a1', at: '2026-01-01T00:00:00Z' };
  const entry: Quarantined = { repository: 'acme/shop', key, runId: 'run-1', release: 'r2', ...why };
  const target = createTarget({ repository: 'acme/shop', environment, service: 'web' });
  const context = aContext('deploy', {
    plan,
    job: { unit: `deploy/${environment}/web`, generation },
    run: { repository: 'acme/shop', commit, slices, ...run },
    store: {
      readTarget: async (name) => ({ key: name, version: 1, target: JSON.stringify(target) }),
      readQuarantine: async () => [entry],
      readAnswer: async () => (isPromoted ? '{}' : null),
    },
    changeTarget: never,
  });
  return createService({ releases }).gate?.handle(context);
}

describe('a version in quarantine', () => {
  it.each<{ way: string } & Given>([
    { way: 'by a retry of its run', key: version, run: { runId: 'run-1', generation: 2 }, generation: 2 },
    { way: 'by a new push of the same content', key: version, run: { runId: 'run-9', commit: 'd'.repeat(40) } },
    { way: 'by a new push of the same commit', key: commit, run: { runId: 'run-9' } },
    { way: 'by promotion to the next environment', key: version, environment: 'production' },
    { way: 'by the order to promote it', key: version, generation: 2, isPromoted: true },
    { way: 'by a run that makes up for a missed push', key: commit, run: { runId: 'run-9', trigger: 'RECONCILED' } },
    { way: 'by a new run into the first environment', key: commit, environment: 'staging' },
  ])('does not come back $way, and the reason is told', async ({ way: _way, ...given }) => {
    expect(await openGate(given)).toMatchObject({
      kind: 'end',
      status: 'failure',
      reason: 'quarantined',
      message: expect.stringMatching(
        /quarantine since 2026-01-01.*threshold_breached, release r2.*A person can release/,
      ),
      events: [{ data: { phase: 'ABORTED', reason: 'quarantined' } }],
    });
  });

  it('does not slip in between the look and the lane: taking the lane is refused, and the gate decides again', async () => {
    const writes: TargetWrite[] = [];
    const target = createTarget({ repository: 'acme/shop', environment: 'production', service: 'web' });
    const context = aContext('deploy', {
      plan,
      job: { unit: 'deploy/production/web' },
      run: { repository: 'acme/shop', commit, slices },
      store: {
        readTarget: async (name) => ({ key: name, version: 1, target: JSON.stringify(target) }),
        readQuarantine: async () => [],
      },
      changeTarget: async (write) => {
        writes.push(write);
        return 'quarantined';
      },
    });

    expect(await createService({ releases }).gate?.handle(context)).toEqual({ kind: 'again' });
    expect(writes).toMatchObject([{ unlessQuarantined: { repository: 'acme/shop', keys: [version, commit] } }]);
  });
});
