import { describe, expect, it } from '@jest/globals';
import { createTarget, type RunState, type Target } from '@orchestra/contracts';
import { aPlan, aRun } from '@orchestra/testkit';
import { place, released, takeAndStep } from '../world.fixture.ts';
import { composePacket } from './compose-packet.ts';
import { renderPacket } from './render-packet.ts';

const failed = { metric: 'checkout_failed_ratio', value: 0.2, threshold: 0.03, baseline: 0.01 };
const query = 'sum(rate(checkout_failed_total{release={{release}}}[{{window}}]))';
const plan = aPlan(`
observability:
  prometheus:
    queries:
      - { name: checkout_failed_ratio, query: '${query}', fail_at: 0.03 }
`);

/** The first run serves as r1; beside it is r2, the canary of the third run, which was started in another way. */
function aThirdCanary(): Target {
  const target = takeAndStep(released(takeAndStep(createTarget(place), 1), 1), 3);
  const { lane } = target;
  if (lane === null) throw new Error('it has the lane');
  return { ...target, lane: { ...lane, manifest: { ...lane.manifest, env: { PRICES: 'new' }, replicas: 2 } } };
}

function aRunOf(sequence: number): RunState {
  return aRun({
    runId: `run-${sequence}`,
    sequence,
    commit: `commit-${sequence}`,
    message: `Change ${sequence}\n\nwhy`,
  });
}

function compose(decision: { kind: 'restore'; to: string } | { kind: 'refuse' }) {
  const { environment, service } = place;
  const by = { kind: 'alert', attribution: 'RELEASE' } as const;
  const compared = [{ ...failed, verdict: 'BREACH' as const }];
  return composePacket({
    now: new Date(0),
    asked: { environment, service, release: 'r2', cause: 'event-1', raisedAt: 0, by, compared },
    decision:
      decision.kind === 'restore'
        ? { ...decision, reason: 'threshold_breached' }
        : { ...decision, reason: 'budget_spent' },
    outcome: { status: 'success', reason: 'threshold_breached', message: null },
    target: aThirdCanary(),
    plan,
    run: aRunOf(3),
    history: [],
    earlierRuns: [aRunOf(2), aRunOf(1)],
    output: '',
  });
}

function subjectsOf(commits: readonly { subject: string | null }[]) {
  return commits.map(({ subject }) => subject);
}

describe('composePacket', () => {
  it('has the query behind a number', () => {
    expect(compose({ kind: 'restore', to: 'r1' }).measured).toEqual([{ ...failed, verdict: 'BREACH', query }]);
  });

  it('has the commits of all runs since the release that is restored, and of the run alone where none is', () => {
    expect(subjectsOf(compose({ kind: 'restore', to: 'r1' }).commits)).toEqual(['Change 3', 'Change 2']);
    expect(subjectsOf(compose({ kind: 'refuse' }).commits)).toEqual(['Change 3']);
  });

  it('has what differs between how the two are started', () => {
    expect(compose({ kind: 'restore', to: 'r1' }).configuration).toEqual([
      { setting: 'env.PRICES', before: null, after: 'new' },
      { setting: 'replicas', before: '1', after: '2' },
    ]);
  });

  it('has all of that on its page too', () => {
    const page = renderPacket(compose({ kind: 'restore', to: 'r1' }));

    expect(page).toContain(`, query \`${query}\``);
    expect(page).toContain('`commit-2` Change 2, by ada (run 2)');
    expect(page).toContain('`env.PRICES`: absent → `new`');
    expect(page).toContain('`replicas`: `1` → `2`');
  });
});
