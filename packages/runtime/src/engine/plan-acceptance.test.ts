import { describe, expect, it } from '@jest/globals';
import type { PlannedUnit, Received } from '@orchestra/contracts';
import type { GateHandler, TopicHandler } from '../service/definition.ts';
import { planAcceptance } from './plan-acceptance.ts';

const conclude = () => ({ kind: 'end', status: null, events: [] }) as const;
const again = async () => ({ kind: 'again' }) as const;
const gate: GateHandler<'iac'> = { handle: again, conclude };
const plannedUnits: PlannedUnit[] = [
  { unit: 'test', service: 'test', after: [], gate: null, gateDeadlineMs: 1 },
  { unit: 'iac/staging', service: 'iac', after: ['test'], gate: ['test'], gateDeadlineMs: 5000 },
];
const event: Received<'test_results'> = {
  topic: 'test_results',
  id: 'e1',
  runId: 'r1',
  source: 'test',
  subject: 'test',
  generation: 1,
  hops: 3,
  causeId: null,
  time: new Date(0),
  data: {
    outcome: 'SUCCESS',
    reason: null,
    framework: 'node',
    passed: 1,
    failed: 0,
    skipped: 0,
    flaky: 0,
    lineCoveragePercent: null,
    reportDigest: null,
    durationMs: 1,
  },
};

describe('planAcceptance', () => {
  it('offers an input to the gates of the service, and arms them with ids that follow from their names', () => {
    const acceptance = plan({ kind: 'input', input: () => ({ unit: 'test', status: 'success' }) });

    expect(acceptance.input).toEqual({ unit: 'test', status: 'success', generation: 1, eventId: 'e1' });
    expect(acceptance.arm).toMatchObject([{ unit: 'iac/staging', inputs: ['test'], delayMs: 5000, bound: true }]);
    expect(acceptance).toEqual(plan({ kind: 'input', input: () => ({ unit: 'test', status: 'success' }) }));
  });

  it('leaves the gates of a later generation to the retry that makes them', () => {
    const later = { ...event, generation: 2 };

    expect(plan({ kind: 'input', input: () => ({ unit: 'test', status: 'success' }) }, later).arm).toEqual([]);
  });

  it('arms gates that the retry of a push could not know of by the new push', () => {
    const later = { ...event, generation: 2 };

    expect(plan({ kind: 'arms' }, later).arm).toMatchObject([{ unit: 'iac/staging', generation: 2 }]);
  });

  it('makes a bound job of a stage, and none when the event is for no unit of it', () => {
    const stage = { kind: 'stage', handle: again, conclude } as const;

    expect(plan({ ...stage, unit: () => 'iac/staging' }).job).toMatchObject({
      unit: 'iac/staging',
      bound: true,
      hops: 3,
    });
    expect(plan({ ...stage, unit: () => null }).job).toBeNull();
  });

  it('makes an unbound job of what is for a stage that has a reaction, and for no unit of it', () => {
    const stage = {
      kind: 'stage',
      unit: () => null,
      handle: again,
      conclude,
      reaction: { kind: 'reaction', concerns: isFirst, handle: again },
    } as const;

    expect(plan(stage).job).toMatchObject({ unit: null, bound: false });
    expect(plan(stage, { ...event, generation: 2 }).job).toBeNull();
    expect(plan({ ...stage, unit: () => 'iac/staging' }).job).toMatchObject({ unit: 'iac/staging', bound: true });
  });

  it('makes an unbound job of a reaction, and only of what concerns it', () => {
    const reaction = { kind: 'reaction', handle: again } as const;

    expect(plan(reaction).job).toMatchObject({ unit: null, bound: false });
    expect(plan({ ...reaction, concerns: () => false }).job).toBeNull();
  });

  it('only notices what it follows', () => {
    expect(plan({ kind: 'follow' })).toMatchObject({ follow: true, job: null, input: null, arm: [] });
  });

  it('knows an event without a run', () => {
    expect(plan({ kind: 'reaction', handle: again }, { ...event, runId: '' })).toMatchObject({
      runId: null,
      job: { runId: null },
    });
  });
});

function plan(handler: TopicHandler<'iac', 'test_results'>, received: Received<'test_results'> = event) {
  return planAcceptance({ service: 'iac', event: received, handler, gate, plannedUnits, traceparent: null });
}

function isFirst({ generation }: { generation: number }): boolean {
  return generation === 1;
}
