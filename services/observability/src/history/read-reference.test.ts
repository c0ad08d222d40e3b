import { describe, expect, it } from '@jest/globals';
import { createTarget, parsePipelineFile, type Target } from '@orchestra/contracts';
import { aContext } from '@orchestra/testkit';
import { servingTarget, shopPlace } from '../serving-target.fixture.ts';
import { createKeptSamples, everyMinute } from './kept-samples.fixture.ts';
import { readReference } from './read-reference.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const startedAt = Date.parse('2026-01-10T12:00:00Z');
const settings = { minPoints: 50, tolerance: 0.25, warnPercent: 10, failPercent: 25 };

function planOf(observability: object) {
  const deployment = { services: [{ name: 'web', command: 'node main.js', port: 80 }] };
  const parsed = parsePipelineFile(JSON.stringify({ project: { name: 'shop' }, deployment, observability }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.plan;
}

interface Asked {
  with: 'previous' | 'earlier_days';
  kept: Parameters<typeof createKeptSamples>[0];
  days?: number;
  target?: Target;
  watchMs?: number;
}

async function read({ with: word, kept, days = 1, target = servingTarget('run-2'), watchMs = 60_000 }: Asked) {
  const plan = planOf({ probes: ['/'], log_patterns: [{ name: 'panics', pattern: 'panic' }] });
  const { store } = createKeptSamples(kept);
  const watching = {
    context: aContext('observability', { plan, store }),
    ports: { measurements: { measure: async () => null } },
    subject: { environment: 'production', service: 'web', release: 'r2', epoch: 7, step: 0 },
    plan,
    target,
    beside: null,
    watchMs,
  };
  return readReference(watching, { with: word, days, ...settings }, startedAt);
}

function at(from: number, latency: number, release = 'r0') {
  return everyMinute(from, release, [{ latency_ms: latency }]);
}

describe('readReference', () => {
  it('reads half an hour before and behind the time of day, of each of the days', async () => {
    const yesterday = startedAt - dayMs;
    const kept = [
      ...at(yesterday - hourMs / 2 - 60_000, 1),
      ...at(yesterday - hourMs / 2, 2),
      ...at(yesterday + hourMs / 2, 3),
      ...at(yesterday + hourMs / 2 + 60_000, 4),
      ...at(yesterday - dayMs, 5),
      ...at(startedAt - 60_000, 6),
    ];

    expect(await read({ with: 'earlier_days', kept })).toMatchObject({ latency_ms: [2, 3] });
    expect(await read({ with: 'earlier_days', kept, days: 2 })).toMatchObject({ latency_ms: [2, 3, 5] });
    expect(await read({ with: 'earlier_days', kept, watchMs: hourMs })).toMatchObject({ latency_ms: [2, 3, 4] });
  });

  it('reads what the release before did just before this one, and nothing else of that time', async () => {
    const earlier = servingTarget('run-1').history.map((record) => ({ ...record, release: 'r1' }));
    const target = { ...servingTarget('run-2'), history: [...earlier, ...servingTarget('run-2').history] };
    const kept = [
      ...at(startedAt - hourMs, 1, 'r1'),
      ...at(startedAt - 60_000, 2, 'r0'),
      ...at(startedAt - 2 * hourMs, 3, 'r1'),
    ];

    expect(await read({ with: 'previous', kept, target })).toMatchObject({ latency_ms: [1] });
  });

  it('has no baseline for the first release', async () => {
    const target = { ...createTarget(shopPlace), current: 'r2', history: servingTarget('run-2').history };

    expect(await read({ with: 'previous', kept: [], target })).toBeUndefined();
  });

  it('leaves out what had to be taken back', async () => {
    const taken = { from: 'r-bad', to: 'r0', at: '', automatic: true } as unknown as Target['rollbacks'][number];
    const yesterday = startedAt - dayMs;
    const kept = [...at(yesterday, 900, 'r-bad'), ...at(yesterday + 60_000, 2)];

    const reference = await read({
      with: 'earlier_days',
      kept,
      target: { ...servingTarget('run-2'), rollbacks: [taken] },
    });

    expect(reference).toMatchObject({ latency_ms: [2] });
  });

  it('names every metric that is compared, so that one of which nothing was kept is not passed over', async () => {
    const reference = await read({ with: 'earlier_days', kept: [] });

    expect(reference).toMatchObject({ error_ratio: [], app_latency_ms: [], probe_failed_ratio: [], panics: [] });
    expect(Object.keys(reference ?? {})).not.toContain('disk_bytes');
  });
});
