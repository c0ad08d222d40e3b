import { describe, expect, it } from '@jest/globals';
import {
  createTarget,
  infrastructureName,
  untouchedInfrastructure,
  usualInfrastructureRules,
  type OperatorCommand,
  type Plan,
  type Received,
  type RollbackEvent,
  type Topic,
} from '@orchestra/contracts';
import { anOrder } from './given-order.fixture.ts';
import { removalAfter, removalJob } from './handle-rollback-event.ts';
import { restoredRemovals } from './restored-removals.ts';

const hourMs = 3_600_000;
const about = { runId: 'run-1', generation: 1, environment: 'production' };
const afterRollback = removalJob(removalAfter(about));

/** What a person ordered, so many hours after the apply of run-1. */
function ordered(hours: number, change: Partial<OperatorCommand>): Received<'operator_command'> {
  return { ...anOrder(change), id: `${change.action ?? ''} ${hours}`, time: new Date(hours * hourMs) };
}

function rolledBack(hours: number, change: Partial<RollbackEvent> = {}): Received<'rollback_event'> {
  const releases = { fromRelease: 'r2', toRelease: 'r1', epoch: 3, quarantined: true, compared: [] };
  const place = { environment: 'production', service: 'shop', packetDigest: null, packetTextDigest: null };
  const data: RollbackEvent = { outcome: 'SUCCESS', reason: 'breach', ...releases, ...place, ...change };
  const envelope = { source: 'rollback', subject: 'x', generation: 1, hops: 1, causeId: null, runId: 'run-1' } as const;
  return { topic: 'rollback_event', id: `rollback ${hours}`, ...envelope, time: new Date(hours * hourMs), data };
}

interface World {
  events: readonly Received<Topic>[];
  /** Hours after the apply of run-1. */
  now?: number;
  destroysIn?: readonly string[];
  applied?: { runId: string; hours: number } | null;
}

function restored({ events, now = 2, destroysIn = ['production'], applied = { runId: 'run-1', hours: 0 } }: World) {
  const infrastructure = { tool: 'auto', path: '.', rules: usualInfrastructureRules };
  const plan: Plan = Object.assign(Object.create(null), { infrastructure, rollback: { destroysIn } });
  const name = { repository: 'acme/shop', environment: 'production', service: infrastructureName };
  const last =
    applied === null
      ? null
      : { runId: applied.runId, generation: 1, sequence: 1, commit: 'c1', driftCheckMs: null, at: at(applied.hours) };
  const document = { ...createTarget(name), infrastructure: { ...untouchedInfrastructure, applied: last } };
  const run = {
    folded: { runId: 'run-1', generation: 1 },
    identity: { repository: 'acme/shop' },
    plan,
    standing: { unfinished: new Map() },
    events,
  };
  return restoredRemovals({ runs: [run], targets: [document], identity: 'new', now: new Date(now * hourMs) });
}

function at(hours: number): string {
  return new Date(hours * hourMs).toISOString();
}

describe('restoredRemovals', () => {
  it('asks once more what a rollback has asked, as one question, under the name that it had', () => {
    expect(restored({ events: [rolledBack(1), rolledBack(1.5, { service: 'cart' })] })).toEqual([afterRollback]);
  });

  it('asks once more what a person has ordered', () => {
    const order = ordered(1, { action: 'DESTROY' });

    expect(restored({ events: [order] })).toEqual([removalJob({ ...about, cause: order.id })]);
  });

  it('looks at what was approved, however long ago: nobody has told whether it is gone', () => {
    expect(restored({ events: [rolledBack(1), ordered(2, { action: 'APPROVE' })], now: 100 })).toEqual([afterRollback]);
  });

  it('has one look for an environment, for what was asked last', () => {
    const order = ordered(3, { action: 'DESTROY' });

    const jobs = restored({ events: [rolledBack(1), ordered(2, { action: 'APPROVE' }), order], now: 4 });

    expect(jobs).toEqual([removalJob({ ...about, cause: order.id })]);
  });

  it.each<[string, World]>([
    ['a person said no', { events: [rolledBack(1), ordered(1.5, { action: 'REJECT' })] }],
    [
      'several went back, and a person said no',
      {
        events: [rolledBack(1), ordered(1.2, { action: 'REJECT' }), rolledBack(1.5, { service: 'cart' })],
      },
    ],
    ['nobody answered in time', { events: [rolledBack(1)], now: 26 }],
    ['somebody has applied since', { events: [rolledBack(1)], applied: { runId: 'run-2', hours: 1.5 } }],
    [
      'a person looked at a cut, and all is there',
      {
        events: [
          rolledBack(1),
          ordered(1.2, { action: 'APPROVE' }),
          ordered(1.5, { action: 'RESOLVE', resolution: 'did_not_happen' }),
        ],
      },
    ],
    ['nothing was restored', { events: [rolledBack(1, { outcome: 'SKIPPED' })] }],
    [
      'the file does not mark the environment',
      { events: [rolledBack(1), ordered(1, { action: 'DESTROY' })], destroysIn: [] },
    ],
    [
      'the order was about what another run applied',
      {
        events: [ordered(1, { action: 'DESTROY' })],
        applied: { runId: 'run-0', hours: 0 },
      },
    ],
    ['the order was for somebody else', { events: [ordered(1, { action: 'DESTROY', addressee: 'deploy' })] }],
  ])('leaves it where %s', (_what, world) => {
    expect(restored(world)).toEqual([]);
  });

  it('takes no word about another environment for one about this', () => {
    const word = ordered(1.5, { action: 'REJECT', unit: 'iac/staging' });

    expect(restored({ events: [rolledBack(1), word] })).toEqual([afterRollback]);
  });
});
