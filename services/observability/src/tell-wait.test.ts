import { describe, expect, it } from '@jest/globals';
import { createTarget, type WatchSlice } from '@orchestra/contracts';
import type { Decided } from '@orchestra/runtime';
import { aContext, aPlan } from '@orchestra/testkit';
import { startWatch } from './judge/judge-watch.ts';
import { tellWait } from './look.ts';

const subject = { environment: 'production', service: 'web', release: 'r2', epoch: 4, step: 1 };
const shown: WatchSlice = { ...subject, verdict: 'watching', samples: 0, checks: [], reason: 'too_few_samples' };
const verdict = { kind: 'go_on' as const, reason: 'too_few_samples' as const, checks: [] };

async function toldAfter(observability: Readonly<Record<string, WatchSlice>>): Promise<Decided[]> {
  const noted: Decided[] = [];
  const { slices } = aContext('observability').run;
  const context = aContext('observability', { noted, run: { slices: { ...slices, observability } } });
  const target = createTarget({ repository: 'acme/shop', environment: 'production', service: 'web' });
  const ports = { measurements: { measure: async () => null } };
  const watching = { context, ports, subject, plan: aPlan(), target, beside: null, watchMs: 1_000 };
  await tellWait(watching, { watch: startWatch(0), verdict });
  return noted;
}

describe('a watch that goes on', () => {
  it('tells why, with what it knows', async () => {
    expect(await toldAfter({})).toMatchObject([
      { what: 'watch goes on', reason: 'too_few_samples', facts: { release: 'r2', epoch: 4, samples: 0 } },
    ]);
  });

  it('tells it once for each reason and each step', async () => {
    expect(await toldAfter({ 'production/web': shown })).toEqual([]);
    expect(await toldAfter({ 'production/web': { ...shown, reason: 'no_data' } })).toHaveLength(1);
    expect(await toldAfter({ 'production/web': { ...shown, step: 0 } })).toHaveLength(1);
  });
});
