import { describe, expect, it } from '@jest/globals';
import type { OperatorCommand } from '../events.generated.ts';
import { anEvent } from './events.fixture.ts';
import { foldFreezes } from './fold-freezes.ts';

// What the order carries beside this does not matter here.
function order(action: string, at: number, change: Partial<OperatorCommand> = {}) {
  const place = { repository: 'acme/shop', environment: 'production', actor: 'ada', until: null, reason: 'Christmas' };
  const data: OperatorCommand = Object.assign(Object.create(null), place, { action }, change);
  return anEvent('operator_command', data, { runId: '', at });
}

function frozenIn(events: Parameters<typeof foldFreezes>[0]) {
  return foldFreezes(events).map(({ repository, environment, releases }) => [
    `${repository}/${environment}`,
    releases?.frozen?.note,
  ]);
}

describe('the fold of freezes', () => {
  it('knows who froze what, until when and why, and that nobody waits there yet', () => {
    const until = '2026-02-01T01:00:00+01:00';

    const [target] = foldFreezes([order('FREEZE', 1, { until })]);

    expect(target).toMatchObject({
      repository: 'acme/shop',
      environment: 'production',
      service: '_releases',
      releases: {
        frozen: {
          until: '2026-02-01T00:00:00.000Z',
          note: 'Christmas',
          actor: 'ada',
          at: '2026-01-01T00:00:01.000Z',
        },
        held: [],
      },
    });
  });

  it('keeps the newest freeze of each environment that nobody has ended, in whatever order the records come', () => {
    const all = order('FREEZE', 3, { repository: '*', reason: 'for all' });
    const shortened = order('FREEZE', 4, { environment: 'staging', reason: 'shorter' });
    const ended = [order('UNFREEZE', 5), order('FREEZE', 2)];

    const found = frozenIn([...ended, shortened, all, order('FREEZE', 1, { environment: 'staging' })]);

    expect(found).toEqual([
      ['acme/shop/staging', 'shorter'],
      ['*/production', 'for all'],
    ]);
  });

  it('leaves out orders that were refused, and all others', () => {
    const over = order('FREEZE', 2, { until: '2026-01-01T00:00:01Z' });
    const unread = order('FREEZE', 3, { until: 'tomorrow' });
    const nowhere = order('FREEZE', 4, { environment: null });

    expect(frozenIn([over, unread, nowhere, order('CANCEL', 5)])).toEqual([]);
  });
});
