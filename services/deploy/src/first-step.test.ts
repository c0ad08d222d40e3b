import { describe, expect, it } from '@jest/globals';
import {
  createTarget,
  OrchestraError,
  parsePipelineFile,
  parseTarget,
  type Plan,
  type RunState,
} from '@orchestra/contracts';
import type { Decided, TargetWrite } from '@orchestra/runtime';
import { aContext } from '@orchestra/testkit';
import type { Ports, Releases } from './ports.ts';
import { createService } from './service.ts';

const place = { repository: 'acme/shop', environment: 'production', service: 'web' };
const serving = { epoch: 1, url: 'http://127.0.0.1:4001', releases: [] };
const source: NonNullable<RunState['slices']['gitops']['source']> = {
  planDigest: 'sha256:p',
  snapshotDigest: 'sha256:source',
  baseCommit: null,
  changedFiles: null,
  problems: [],
  warnings: [],
  licenses: [],
};

function givenPlan(): Plan {
  const parsed = parsePipelineFile(`
project: { name: shop, language: javascript }
deployment:
  environments: [production]
  strategy: immediate
  services:
    - { name: web, command: node main.mjs, port: 4001 }
`);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('; '));
  return parsed.plan;
}

function givenWorld(change: Partial<Releases>) {
  const releases: Releases = {
    notes: async () => [],
    demandSandbox: async () => {},
    look: async () => serving,
    claim: async () => serving,
    bringUp: async () => serving,
    share: async () => serving,
    retire: async () => {},
    giveBack: async () => serving,
    tend: async () => {},
    ...change,
  };
  const ports: Ports = { releases };
  const state = { target: createTarget(place), version: 1 };
  const { slices } = aContext('deploy').run;
  const noted: Decided[] = [];
  const context = aContext('deploy', {
    noted,
    plan: givenPlan(),
    job: { unit: 'deploy/production/web' },
    run: { repository: 'acme/shop', slices: { ...slices, gitops: { ...slices.gitops, source } } },
    store: {
      readTarget: async (key) => ({ key, version: state.version, target: JSON.stringify(state.target) }),
      readQuarantine: async () => [],
    },
    changeTarget: async ({ target }: TargetWrite) => {
      state.target = parseTarget(JSON.stringify(target));
      state.version += 1;
      return 'finished' as const;
    },
  });
  return { state, noted, begin: async () => createService(ports).gate?.handle(context) };
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
