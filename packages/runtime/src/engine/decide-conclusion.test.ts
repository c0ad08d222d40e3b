import { describe, expect, it } from '@jest/globals';
import type { Wish, WishKind } from '@orchestra/contracts';
import type { GateVerdict } from '../ports/jobs.ts';
import { decideConclusion } from './decide-conclusion.ts';

const opened: GateVerdict = { state: 'opened', arrived: [], missing: [] };

describe('decideConclusion', () => {
  it('lets a job work that nothing stops', () => {
    expect(conclude({ gate: opened })).toBeNull();
  });

  it.each([
    { wish: 'cancel', status: 'cancelled', reason: 'cancelled_by_person' },
    { wish: 'superseded', status: 'cancelled', reason: 'superseded' },
    { wish: 'halted', status: 'cancelled', reason: 'halted' },
    { wish: 'deadline', status: 'timed_out', reason: 'run_deadline' },
    { wish: 'stalled', status: 'error', reason: 'stalled' },
  ] as const)('ends a job under the wish $wish as $status', ({ wish, status, reason }) => {
    expect(conclude({ wishes: [wish] })).toMatchObject({ status, reason });
  });

  it('leaves a wish to a handler that obeys by itself', () => {
    expect(conclude({ wishes: ['cancel'], obeysWishes: true })).toBeNull();
  });

  it('never lets a handler work whose gate did not open, whoever obeys', () => {
    const gate: GateVerdict = { state: 'wished', arrived: [], missing: ['test'] };

    expect(conclude({ gate, wishes: ['cancel'], obeysWishes: true })).toMatchObject({ status: 'cancelled' });
  });

  it('skips what a halt finds waiting, and cancels what it finds at work', () => {
    const gate: GateVerdict = { state: 'wished', arrived: [], missing: ['test'] };

    expect(conclude({ gate, wishes: ['halted'] })).toMatchObject({ status: 'skipped', reason: 'halted' });
    expect(conclude({ wishes: ['halted'] })).toMatchObject({ status: 'cancelled', reason: 'halted' });
  });

  it('skips behind a bad input and names it, also under a wish', () => {
    const arrived = [{ unit: 'test', generation: 1, status: 'failure', eventId: 'e1' }] as const;

    const conclusion = conclude({ gate: { state: 'closed', arrived, missing: [] }, wishes: ['halted'] });

    expect(conclusion).toMatchObject({ status: 'skipped', message: 'Skipped because of test: failure' });
  });

  it('names what a gate waited for in vain', () => {
    const conclusion = conclude({ gate: { state: 'timed_out', arrived: [], missing: ['test', 'build'] } });

    expect(conclusion).toMatchObject({ status: 'timed_out', message: 'Waited too long for test, build' });
  });

  it('ends a chain of events that is longer than the plan allows', () => {
    expect(conclude({ hops: 101 })).toMatchObject({ status: 'error', reason: 'hop_limit' });
  });
});

interface Given {
  gate?: GateVerdict;
  wishes?: readonly WishKind[];
  hops?: number;
  obeysWishes?: boolean;
}

function conclude({ gate, wishes = [], hops = 1, obeysWishes = false }: Given) {
  const bound = wishes.map((wish): Wish => ({
    wish,
    generation: 1,
    units: null,
    reason: 'test',
    actor: null,
    at: '2026-01-01T00:00:00Z',
  }));
  return decideConclusion({ job: { gate: gate ?? null, hops, wishes: bound }, run: { hopsLimit: 100 }, obeysWishes });
}
