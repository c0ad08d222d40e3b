import { describe, expect, it } from '@jest/globals';
import { decideHold, type HoldFacts } from './decide-hold.ts';

const now = new Date('2026-12-20T12:00:00Z');
const timeZone = 'Europe/Berlin';
const christmas = { until: new Date('2027-01-04T00:00:00Z'), note: 'Christmas', actor: 'ada' };
const set = { environment: '*', from: now, until: new Date('2026-12-21T00:00:00Z'), note: 'Audit' };

function given(change: Partial<HoldFacts>) {
  return decideHold({ now, environment: 'production', windows: null, ordered: [], set: [], ...change });
}

function closed(opensAt: Date | null, reason: 'window' | 'freeze' = 'window') {
  return { timeZone, opening: { kind: 'closed' as const, reason, note: null, opensAt } };
}

describe('a wait before the rollout begins', () => {
  it.each([
    { what: 'nothing is said', change: {} },
    { what: 'a window is open', change: { windows: { timeZone, opening: { kind: 'open' as const } } } },
    { what: 'another environment is frozen', change: { set: [{ ...set, environment: 'staging' }] } },
    { what: 'the freeze of the platform is over', change: { set: [{ ...set, until: now }] } },
    { what: 'it has not begun', change: { set: [{ ...set, from: new Date(now.getTime() + 1) }] } },
  ])('does not happen when $what', ({ change }) => {
    expect(given(change)).toBeNull();
  });

  it.each([
    {
      what: 'its windows',
      change: { windows: closed(new Date('2026-12-21T08:00:00Z')) },
      says: 'Waits: production is outside its windows, until 2026-12-21 09:00 Europe/Berlin',
    },
    {
      what: 'windows that never open',
      change: { windows: closed(null, 'freeze') },
      says: 'Waits: production is frozen and does not open within a year',
    },
    {
      what: 'a person, until a time',
      change: { ordered: [christmas] },
      says: 'Waits: ada has frozen production until 2027-01-04 00:00 UTC (Christmas)',
    },
    {
      what: 'a person',
      change: { ordered: [{ ...christmas, until: null, note: null }] },
      says: 'Waits: ada has frozen production until a person ends it',
    },
    {
      what: 'the platform',
      change: { set: [set] },
      says: 'Waits: the platform freezes production until 2026-12-21 00:00 UTC (Audit)',
    },
  ])('happens for $what, in words', ({ change, says }) => {
    expect(given(change)?.message).toBe(says);
  });

  it('tells of several reasons the one that goes on for longest', () => {
    const windows = closed(new Date('2026-12-21T08:00:00Z'));
    const endless = { ...christmas, until: null };

    expect(given({ windows, set: [set] })).toMatchObject({ reason: 'window' });
    expect(given({ windows, ordered: [christmas] })).toMatchObject({ until: christmas.until });
    expect(given({ windows, ordered: [endless, christmas] })).toMatchObject({ until: null });
  });
});
