import { describe, expect, it } from '@jest/globals';
import { parsePipelineFile } from './parse-pipeline-file.ts';

function parse(windows: object) {
  const deployment = {
    environments: ['staging', 'production'],
    services: [{ name: 'web', command: 'node server.js', port: 80 }],
    windows: [windows].flat(),
  };
  return parsePipelineFile(JSON.stringify({ project: { name: 'shop' }, deployment }));
}

describe('the windows of an environment', () => {
  it('are times of days, and freezes that last to the end of their last day', () => {
    const parsed = parse({
      environment: 'production',
      time_zone: 'Europe/Berlin',
      allow: [{ days: ['mon', 'sun'], from: '09:00', until: '16:30' }],
      freezes: [
        { from: '2026-12-18', until: '2026-12-31', note: 'Christmas' },
        { from: '2026-11-27T18:00', until: '2026-11-28 06:00' },
      ],
    });

    expect(parsed).toMatchObject({ ok: true });
    expect(parsed.ok ? parsed.plan.deployment?.windows : null).toEqual({
      production: {
        timeZone: 'Europe/Berlin',
        allow: [{ days: [1, 7], fromMinute: 540, untilMinute: 990 }],
        freezes: [
          { from: '2026-12-18T00:00', until: '2027-01-01T00:00', note: 'Christmas' },
          { from: '2026-11-27T18:00', until: '2026-11-28T06:00', note: null },
        ],
      },
    });
  });

  it('hold on all days and in UTC where the file does not say', () => {
    const parsed = parse({ environment: 'staging', allow: [{ from: '00:00', until: '24:00' }] });

    expect(parsed.ok ? parsed.plan.deployment?.windows : null).toEqual({
      staging: {
        timeZone: 'UTC',
        allow: [{ days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 0, untilMinute: 1440 }],
        freezes: [],
      },
    });
  });

  it.each([
    { given: { environment: 'production', time_zone: 'Europe/Berln' }, path: '[0].time_zone', says: /IANA time zone/ },
    { given: { environment: 'qa' }, path: '[0].environment', says: /none of the environments staging, production/ },
    {
      given: { environment: 'staging', allow: [{ from: '09:00', until: '09:00' }] },
      path: '[0].allow[0]',
      says: /window is empty/,
    },
    {
      given: { environment: 'staging', allow: [{ from: '9', until: '10:00' }] },
      path: '[0].allow[0].from',
      says: /time/,
    },
    {
      given: { environment: 'staging', freezes: [{ from: '2026-02-30', until: '2026-03-01' }] },
      path: '[0].freezes[0].from',
      says: /must be a date/,
    },
    {
      given: { environment: 'staging', freezes: [{ from: '2026-03-02', until: '2026-03-01' }] },
      path: '[0].freezes[0].until',
      says: /ends before it begins/,
    },
    { given: [{ environment: 'staging' }, { environment: 'staging' }], path: '[1].environment', says: /already/ },
  ])('are refused at $path', ({ given, path, says }) => {
    const parsed = parse(given);

    expect(parsed.ok ? [] : parsed.problems).toMatchObject([
      { path: `deployment.windows${path}`, message: expect.stringMatching(says) },
    ]);
  });
});
