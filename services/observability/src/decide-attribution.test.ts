import { describe, expect, it } from '@jest/globals';
import { decideAttribution, type OutsideAlert, type Serving } from './decide-attribution.ts';

const releasedAt = Date.parse('2026-01-01T12:00:00Z');
const hourMs = 3_600_000;
const place = { repository: 'acme/shop', environment: 'production', service: 'web', epoch: 7 };
const current = { release: 'r2', runId: 'run-2', generation: 1, since: releasedAt };
const web: Serving = { ...place, current, unfinished: null };
const canary = { release: 'r3', runId: 'run-3', generation: 2, since: releasedAt + hourMs, step: 1 };
const alert: OutsideAlert = {
  name: 'HighErrorRate',
  service: 'web',
  environment: 'production',
  release: null,
  startsAt: releasedAt + hourMs,
  severity: 'critical',
};

function decide(change: Partial<OutsideAlert> = {}, serving: readonly Serving[] = [web], services = 1) {
  return decideAttribution({ ...alert, ...change }, { serving, services }, { blastLimit: 3 });
}

describe('decideAttribution', () => {
  it.each([1, 7 * 24])('blames the release that serves, %d hours after it began to', (hours) => {
    expect(decide({ startsAt: releasedAt + hours * hourMs })).toEqual({
      kind: 'release',
      reason: 'serves',
      blamed: { ...place, release: 'r2', runId: 'run-2', generation: 1, step: 0 },
    });
  });

  it.each([
    { when: 'it names no service', change: { service: null }, reason: 'no_service' },
    { when: 'it only informs', change: { severity: 'info' }, reason: 'only_informs' },
    { when: 'nobody deploys that service here', change: { service: 'database' }, reason: 'service_unknown' },
    { when: 'nobody deploys it there', change: { environment: 'staging' }, reason: 'service_unknown' },
    { when: 'it began before the release', change: { startsAt: releasedAt - 1 }, reason: 'older_than_release' },
    { when: 'it names another release', change: { release: 'r1' }, reason: 'other_release' },
    {
      when: 'it names the release and began before it',
      change: { release: 'r2', startsAt: releasedAt - 1 },
      reason: 'older_than_release',
    },
  ])('is for people when $when', ({ change, reason }) => {
    expect(decide(change)).toEqual({ kind: 'people', reason });
  });

  it('is for people when the service stands in two places and the alert names none', () => {
    const staging = { ...web, environment: 'staging' };

    expect(decide({ environment: null }, [web, staging])).toEqual({ kind: 'people', reason: 'several_targets' });
    expect(decide({ environment: null }, [web])).toMatchObject({ kind: 'release' });
  });

  it('is for people when half the world is ill', () => {
    expect(decide({}, [web], 4)).toEqual({ kind: 'people', reason: 'wide_blast' });
    expect(decide({}, [web], 3)).toMatchObject({ kind: 'release' });
  });

  it('is for people when nothing was released', () => {
    expect(decide({}, [{ ...web, current: null }])).toEqual({ kind: 'people', reason: 'nothing_released' });
  });

  it.each([
    { what: 'the newest change', change: {}, reason: 'newest_change' },
    { what: 'the rollout that it names', change: { release: 'r3', startsAt: 0 }, reason: 'named' },
  ])('blames $what, which is not finished', ({ change, reason }) => {
    expect(decide(change, [{ ...web, unfinished: canary }])).toEqual({
      kind: 'release',
      reason,
      blamed: { ...place, release: 'r3', runId: 'run-3', generation: 2, step: 1 },
    });
  });

  it('does not blame a rollout that began after the alert', () => {
    const before = { startsAt: canary.since - 1 };

    expect(decide(before, [{ ...web, unfinished: canary }])).toMatchObject({ blamed: { release: 'r2' } });
  });
});
