import { describe, expect, it } from '@jest/globals';
import {
  beginStep,
  createTarget,
  finishRollout,
  finishStep,
  judgeRelease,
  parsePipelineFile,
  parseTarget,
  takeLane,
  type RunState,
  type Target,
  type UnitState,
} from '@orchestra/contracts';
import type { TargetWrite } from '@orchestra/runtime';
import { aContext } from '@orchestra/testkit';
import type { Ports } from './ports.ts';
import { createService } from './service.ts';

const now = new Date('2026-01-01T00:00:00Z');
const source: NonNullable<RunState['slices']['gitops']['source']> = {
  planDigest: 'sha256:p',
  snapshotDigest: 'sha256:source',
  baseCommit: null,
  changedFiles: null,
  problems: [],
  warnings: [],
  licenses: [],
};
const parsed = parsePipelineFile(`
project: { name: shop, language: javascript }
deployment:
  environments: [production]
  strategy: immediate
  services:
    - { name: web, command: node web.mjs, port: 4001, depends_on: [api] }
    - { name: api, command: node api.mjs, port: 4002 }
`);
if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('; '));
const { plan } = parsed;

function moved(answer: { kind: string; target?: Target }): Target {
  if (answer.target === undefined) throw new Error(`refused: ${JSON.stringify(answer)}`);
  return answer.target;
}

/** What `api` has after this run has released it. */
function releasedApi(): Target {
  const mover = { runId: 'run-1', generation: 1 };
  const command = { artifactDigest: 'd', command: ['a'], env: {}, port: 1, replicas: 1, healthPath: '/' };
  const manifest = { ...command, metricsPath: null, readyTimeoutMs: 1 };
  const version = { version: 'v', commit: 'c', manifest, sequence: 1, jobId: 'j', byPerson: false, maxSupersedes: 3 };
  const empty = createTarget({ repository: 'acme/shop', environment: 'production', service: 'api' });
  const taken = moved(takeLane(empty, { ...mover, ...version, strategy: 'immediate', weights: [100] }, now));
  const begun = moved(beginStep(taken, { ...mover, step: 1 }));
  const judging = moved(finishStep(begun, { ...mover, step: 1, epoch: begun.epoch }));
  return moved(finishRollout(judging, { ...mover, epoch: judging.epoch, checks: [] }, now));
}

/** The gate of `web` has opened; `api` is where it is. */
async function beginWeb(api: Target | null, status: UnitState['status'] = 'running') {
  const targets = new Map(api === null ? [] : [['acme/shop/production/api', JSON.stringify(api)]]);
  const answers = new Map<string, string>();
  const serving = { epoch: 1, url: 'http://127.0.0.1:4001', releases: [] };
  const ports: Ports = {
    releases: {
      notes: async () => [],
      demandSandbox: async () => {},
      look: async () => serving,
      claim: async () => serving,
      bringUp: async () => serving,
      share: async () => serving,
      retire: async () => {},
      giveBack: async () => serving,
      tend: async () => {},
    },
  };
  const unit: UnitState = {
    generation: 1,
    status,
    reason: null,
    message: null,
    at: '',
    startedAt: null,
    endedAt: null,
  };
  const { slices } = aContext('deploy').run;
  const context = aContext('deploy', {
    plan,
    now,
    job: { unit: 'deploy/production/web' },
    run: { runId: 'run-1', slices: { ...slices, gitops: { source } }, units: { 'deploy/production/api': unit } },
    store: {
      readTarget: async (key: string) => {
        const target = targets.get(key);
        return target === undefined ? null : { key, version: 1, target };
      },
      readQuarantine: async () => [],
      readAnswer: async (_run: string, key: string) => answers.get(key) ?? null,
    },
    changeTarget: async ({ key, target }: TargetWrite) => {
      targets.set(key, JSON.stringify(target));
      return 'finished' as const;
    },
  });
  const result = await createService(ports).gate?.handle(context);
  return { result, laneOf: (key: string) => parseTarget(targets.get(key) ?? '{}').lane };
}

describe('a member of a release group', () => {
  it('waits until what it depends on is healthy', async () => {
    const { result } = await beginWeb(null);

    expect(result).toMatchObject({
      kind: 'park',
      reason: 'release_group',
      message: 'Waits for api to be healthy, which it depends on',
      answerKey: 'group/deploy/production/web/api/1',
    });
  });

  it('moves once that serves', async () => {
    const { result, laneOf } = await beginWeb(releasedApi());

    expect(result).toMatchObject({ kind: 'end', reason: 'judging' });
    expect(laneOf('acme/shop/production/web')).toMatchObject({ runId: 'run-1' });
  });

  it.each([
    { what: 'failed', api: null, status: 'failure' as const },
    {
      what: 'serves and is bad',
      api: moved(judgeRelease(releasedApi(), { release: 'r1', health: 'bad', checks: [] })),
      status: 'running' as const,
    },
  ])('is skipped when what it depends on $what', async ({ api, status }) => {
    const { result } = await beginWeb(api, status);

    expect(result).toMatchObject({
      kind: 'end',
      status: 'skipped',
      reason: 'dependency_failed',
      message: 'api, which it depends on, is not healthy',
    });
  });
});
