import { describe, expect, it } from '@jest/globals';
import { createTarget, OrchestraError } from '@orchestra/contracts';
import type { Decided } from '@orchestra/runtime';
import { aContext, aPlan } from '@orchestra/testkit';
import { anObligingWorld, serving } from './a-world.fixture.ts';
import { aSource } from './given-rollout.fixture.ts';
import { keepTarget } from './kept-target.fixture.ts';
import type { Releases } from './ports.ts';
import { place } from './released.fixture.ts';
import { createService } from './service.ts';

const plan = aPlan(`
deployment:
  environments: [production]
  strategy: immediate
  services:
    - { name: web, command: node main.mjs, port: 4001 }
`);

function givenWorld(change: Partial<Releases>) {
  const { state, ...kept } = keepTarget(createTarget(place));
  const { slices } = aContext('deploy').run;
  const noted: Decided[] = [];
  const context = aContext('deploy', {
    noted,
    plan,
    job: { unit: 'deploy/production/web' },
    run: { repository: 'acme/shop', slices: { ...slices, gitops: { source: aSource() } } },
    ...kept,
  });
  return {
    state,
    noted,
    begin: async () => createService({ releases: anObligingWorld(change) }).gate?.handle(context),
  };
}

describe('the first step of a rollout', () => {
  it.each([{ notes: [] }, { notes: ['release_unsandboxed'] }])('leaves $notes with its run', async ({ notes }) => {
    const { begin } = givenWorld({ notes: async () => notes });

    expect(await begin()).toMatchObject({ kind: 'end', reason: 'judging', notes });
  });

  it('tells that it took the lane, with what, and what the step did', async () => {
    const { begin, noted } = givenWorld({});

    const result = await begin();

    expect(noted).toMatchObject([
      { what: 'pre-flight', reason: 'nothing_healthy_before', facts: { eligible: false, version: expect.any(String) } },
      { what: 'lane taken', reason: 'free', facts: { release: 'r1', epoch: 1, strategy: 'immediate', weights: [100] } },
    ]);
    expect(result).toMatchObject({
      decided: [{ what: 'step made', reason: 'effect_done', facts: { step: 1, effect: { weights: { r1: 100 } } } }],
    });
  });

  it.each([
    { weight: 100, told: /takes 100 % of the traffic/ },
    { weight: 67, told: /takes 67 % \(asked for 100 %\) of the traffic/ },
  ])('tells the share that the world gives, $weight %', async ({ weight, told }) => {
    const releases = [{ release: 'r1', ready: 1, wanted: 1, weight }];
    const { begin } = givenWorld({ share: async () => ({ ...serving, releases }) });

    expect(await begin()).toMatchObject({ message: expect.stringMatching(told) });
  });

  it('names where it is reached, and how many of its replicas are ready', async () => {
    const releases = [{ release: 'r1', ready: 1, wanted: 2, weight: 100 }];
    const { begin } = givenWorld({ share: async () => ({ ...serving, releases }) });

    expect(await begin()).toMatchObject({
      slice: { 'production/web': { url: 'http://127.0.0.1:4001', replicas: { ready: 1, wanted: 2 } } },
    });
  });

  it('does not take the lane where releases cannot run the way that is demanded', async () => {
    const unavailable = new OrchestraError('SANDBOX_UNAVAILABLE', 'bwrap is not installed');
    const { begin, state } = givenWorld({ demandSandbox: () => Promise.reject(unavailable) });

    await expect(begin()).rejects.toMatchObject({ code: 'SANDBOX_UNAVAILABLE', retriable: false });
    expect(state.target.lane).toBeNull();
  });
});
