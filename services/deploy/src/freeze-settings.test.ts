import { describe, expect, it } from '@jest/globals';
import { freezeEnv } from './freeze-settings.ts';

describe('the freezes of the platform', () => {
  it('are none where nothing is set', () => {
    expect(freezeEnv.parse({}).RELEASE_FREEZES).toEqual([]);
  });

  it('name an environment or all of them, two moments, and why', () => {
    const text =
      'production 2026-12-18T00:00Z 2027-01-04T00:00Z Christmas business; * 2027-03-01T18:00+01:00 2027-03-02T00:00Z';

    expect(freezeEnv.parse({ RELEASE_FREEZES: text }).RELEASE_FREEZES).toEqual([
      {
        environment: 'production',
        from: new Date('2026-12-18T00:00Z'),
        until: new Date('2027-01-04T00:00Z'),
        note: 'Christmas business',
      },
      { environment: '*', from: new Date('2027-03-01T17:00Z'), until: new Date('2027-03-02T00:00Z'), note: null },
    ]);
  });

  it.each(['production', 'production 2026-12-18T00:00Z', 'production later never', 'a b', '* 2027-01-01Z 2026-01-01Z'])(
    'are refused as %j',
    (text) => {
      expect(freezeEnv.safeParse({ RELEASE_FREEZES: text }).success).toBe(false);
    },
  );
});
