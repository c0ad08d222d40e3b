import { describe, expect, it } from '@jest/globals';
import { findOpening, type WindowsPlan } from './find-opening.ts';

const weekdays = [1, 2, 3, 4, 5];
const officeHours = { days: weekdays, fromMinute: 9 * 60, untilMinute: 17 * 60 };
const christmas = { from: '2026-12-21T00:00', until: '2027-01-05T00:00', note: 'Christmas' };

function berlin(change: Partial<WindowsPlan>): WindowsPlan {
  return { timeZone: 'Europe/Berlin', allow: [], freezes: [], ...change };
}

describe('when an environment may be released to', () => {
  it.each([
    { what: 'inside a window', at: '2026-03-02T08:00:00Z' },
    { what: 'in its first minute', at: '2026-03-02T08:00:00Z' },
    { what: 'by the summer time of the zone', at: '2026-07-06T07:00:00Z' },
  ])('is open $what', ({ at }) => {
    expect(findOpening(berlin({ allow: [officeHours] }), new Date(at))).toEqual({ kind: 'open' });
  });

  it.each([
    { what: 'before the window of the day', at: '2026-03-02T07:59:59Z', opensAt: '2026-03-02T08:00:00.000Z' },
    { what: 'at the end of a window', at: '2026-03-02T16:00:00Z', opensAt: '2026-03-03T08:00:00.000Z' },
    { what: 'on a weekend', at: '2026-03-07T12:00:00Z', opensAt: '2026-03-09T08:00:00.000Z' },
    { what: 'over the change to summer time', at: '2026-03-28T12:00:00Z', opensAt: '2026-03-30T07:00:00.000Z' },
  ])('is closed $what, until the next one', ({ at, opensAt }) => {
    const opening = findOpening(berlin({ allow: [officeHours] }), new Date(at));

    expect(opening).toEqual({ kind: 'closed', reason: 'window', note: null, opensAt: new Date(opensAt) });
  });

  it('knows windows over midnight, which belong to the day of their beginning', () => {
    const night = berlin({ allow: [{ days: [5], fromMinute: 22 * 60, untilMinute: 2 * 60 }] });

    expect(findOpening(night, new Date('2026-03-06T21:30:00Z'))).toEqual({ kind: 'open' });
    expect(findOpening(night, new Date('2026-03-07T00:30:00Z'))).toEqual({ kind: 'open' });
    expect(findOpening(night, new Date('2026-03-07T01:00:00Z'))).toMatchObject({ kind: 'closed' });
    expect(findOpening(night, new Date('2026-03-06T00:30:00Z'))).toMatchObject({ kind: 'closed' });
  });

  it('opens after a freeze only where a window is open too', () => {
    const both = berlin({ allow: [officeHours], freezes: [christmas] });

    expect(findOpening(both, new Date('2026-12-22T10:00:00Z'))).toEqual({
      kind: 'closed',
      reason: 'freeze',
      note: 'Christmas',
      opensAt: new Date('2027-01-05T08:00:00Z'),
    });
  });

  it('opens at the end of a freeze where there are no windows, and of two at the end of the later', () => {
    const longer = { from: '2027-01-01T00:00', until: '2027-01-10T12:00', note: null };
    const frozen = berlin({ freezes: [christmas, longer] });

    expect(findOpening(frozen, new Date('2026-12-20T22:00:00Z'))).toEqual({ kind: 'open' });
    expect(findOpening(frozen, new Date('2026-12-20T23:00:00Z'))).toMatchObject({
      note: 'Christmas',
      opensAt: new Date('2027-01-10T11:00:00Z'),
    });
  });

  it('takes an hour that clocks skip for the one after it, and the first of one that they show twice', () => {
    const early = berlin({ allow: [{ days: [7], fromMinute: 150, untilMinute: 300 }] });

    const spring = findOpening(early, new Date('2026-03-28T12:00:00Z'));
    const autumn = findOpening(early, new Date('2026-10-24T12:00:00Z'));

    expect(spring).toMatchObject({ opensAt: new Date('2026-03-29T01:30:00Z') });
    expect(autumn).toMatchObject({ opensAt: new Date('2026-10-25T00:30:00Z') });
  });

  it('says that it never opens when a freeze goes on for years', () => {
    const forever = berlin({ freezes: [{ from: '2026-01-01T00:00', until: '2031-01-01T00:00', note: null }] });

    expect(findOpening(forever, new Date('2026-06-01T00:00:00Z'))).toMatchObject({ kind: 'closed', opensAt: null });
  });
});
