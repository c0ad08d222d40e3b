import { describe, expect, it } from '@jest/globals';
import { foldTargets, OrchestraError, type Manifest, type Rollout } from '@orchestra/contracts';
import { aContext, aPlan } from '@orchestra/testkit';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { gatherCandidate, plannedRelease } from './candidate.ts';
import { aSource } from './given-rollout.fixture.ts';
import { prepareRelease } from './prepare-release.ts';
import type { ClusterWork } from './ports.ts';
import { triggered } from './report.ts';
import { renderOnce } from './render-once.ts';
import { gatherWork } from './work.ts';

const image = `registry.test/shop:v1@sha256:${'d'.repeat(64)}`;

function givenPlan(more = '') {
  return aPlan(
    `build: { tool: docker, image: registry.test/shop }\ndeployment:\n` +
      `  provider: kubernetes\n  namespace: { staging: one, production: two }\n  environments: [staging, production]\n` +
      `  manifests: deploy\n  services: [{ name: web, port: 80${more} }]\n`,
  );
}

/** A run whose renderer gives other bytes each time. */
async function givenRun({ environment = 'production', answers = new Map<string, string>(), render }: Given = {}) {
  const { slices } = aContext('deploy').run;
  const artifact = { name: 'shop', kind: 'IMAGE' as const, digest: image.slice(-71), sizeBytes: 1, reference: image };
  const build = { ...slices.build, result: { tool: 'docker', artifacts: [artifact], durationMs: 1 } };
  let times = 0;
  const effects: string[] = [];
  const cluster: ClusterWork = {
    async render(request) {
      times += 1;
      effects.push(`render ${request.images.join()}`);
      const environments = Object.keys(request.namespaces).map((name) => [
        name,
        { text: `${name} ${times}`, replicas: { web: 4 } },
      ]);
      return { rendered: `all ${times}`, environments: Object.fromEntries(environments), unpinned: ['envoy:1'] };
    },
    rehearse: async () => [],
    prepare: async () => void effects.push('prepare'),
    runHook: async ({ hook }) => void effects.push(`${hook.when} ${hook.command.join(' ')}`),
    ...(render === undefined ? {} : { render }),
  };
  const output: string[] = [];
  const context = aContext('deploy', {
    output,
    plan: givenPlan(),
    job: { unit: `deploy/${environment}/web` },
    run: { repository: 'acme/shop', slices: { ...slices, build, gitops: { source: aSource('sha256:s') } } },
    artifacts: Object.assign(Object.create(null), {
      open: async () => Readable.from([]),
      put: async (content: Buffer) => ({ digest: digestOf(content.toString()) }),
    }),
    store: {
      readTarget: async () => null,
      readAnswer: async (_run, key) => answers.get(key) ?? null,
      answer: async (_run, key, text) => {
        if (answers.has(key)) return 'already';
        answers.set(key, text);
        return 'stored';
      },
    },
  });
  const releases = Object.assign(Object.create(null), {});
  const work = await gatherWork(context, { releases, cluster });
  return { work, effects, output, answers };
}

interface Given {
  environment?: string;
  answers?: Map<string, string>;
  render?: ClusterWork['render'];
}

/** A rollout at its first step. */
function laneOf(manifest: Manifest): Rollout {
  const identity = { runId: 'run-1', generation: 1, sequence: 1, byPerson: false, takenAt: '' };
  const version = { release: 'r1', version: 'v', commit: 'c', manifest, previous: null };
  const moved = { state: 'stepping', strategy: 'canary', weights: [10, 100], step: 1, epoch: 0 } as const;
  return { ...identity, ...version, ...moved, weights: [...moved.weights] };
}

/** What a run has rendered for production. */
function inputs(rendered: string) {
  return { rendered, environments: { production: { digest: rendered, replicas: { web: 4 } } } };
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

describe('renderOnce', () => {
  it('gives each environment the first bytes, also where a template would give others', async () => {
    const staging = await givenRun({ environment: 'staging' });
    await renderOnce(staging.work, givenPlan());
    const production = await givenRun({ answers: staging.answers });

    const rendered = await renderOnce(production.work, givenPlan());

    expect(production.effects).toEqual([]);
    expect(rendered).toMatchObject({ kind: 'rendered', inputs: { rendered: digestOf('all 1') } });
    const stored = rendered.kind === 'rendered' ? rendered.inputs : null;
    expect(gatherCandidate(production.work, givenPlan(), stored)).toMatchObject({
      request: {
        manifest: { replicas: 4, container: { objects: { digest: digestOf('production 1'), services: ['web'] } } },
      },
    });
    expect(staging.output.join('')).toContain('envoy:1');
  });

  it('makes another version of the same image with other objects, and lets the pipeline file say the number of pods', async () => {
    const { work } = await givenRun();

    const [one, other, sized] = [
      gatherCandidate(work, givenPlan(), inputs('sha256:1')),
      gatherCandidate(work, givenPlan(), inputs('sha256:2')),
      gatherCandidate(work, givenPlan(', replicas: 2'), inputs('sha256:1')),
    ];

    expect(sized).toMatchObject({ request: { manifest: { replicas: 2 } } });
    expect(one.kind === 'ready' && one.request.version).not.toBe(other.kind === 'ready' && other.request.version);
  });

  it('is told with the release, so that a rebuilt store brings it up again with the same objects', async () => {
    const { work } = await givenRun();
    const candidate = gatherCandidate(work, givenPlan(), inputs(digestOf('all')));
    if (candidate.kind === 'none') throw new Error(candidate.message);
    const { run } = work.context;
    const { version, manifest } = candidate.request;
    const lane: Rollout = { ...laneOf(manifest), version };
    const { topic, data } = triggered(work, { phase: 'RELEASED', status: null, reason: null, lane, url: null });
    const subject = 'deploy/production/web';
    const around = { id: 'e', runId: run.runId, subject, generation: 1, hops: 1, causeId: null, time: new Date(0) };

    const [target] = foldTargets({
      events: [{ topic, data, source: 'deploy', ...around }],
      identityOf: () => ({ repository: run.repository, sequence: 1, commit: run.commit }),
      releaseOf: (_runId, place) => plannedRelease(givenPlan(), run, place),
    });

    expect(target?.history).toMatchObject([{ release: 'r1', version, manifest }]);
  });

  it.each([
    ['INPUTS_REFUSED', { status: 'failure', reason: 'inputs_refused' }],
    ['COMMAND_NOT_FOUND', { status: 'error', reason: 'renderer_missing' }],
  ] as const)('ends the unit for %s', async (code, ending) => {
    const render = () => Promise.reject(new OrchestraError(code, 'why'));
    const { work } = await givenRun({ render });

    expect(await renderOnce(work, givenPlan())).toMatchObject({
      kind: 'refused',
      ending: { ...ending, message: 'why' },
    });
  });
});

describe('prepareRelease', () => {
  const objects = { digest: 'sha256:1', rendered: 'sha256:1', services: ['web'] };
  const hooks = { pre: { command: ['migrate'], timeoutMs: 1000 } };
  const container = { namespace: 'two', image, port: 8080, runId: 'run-1', commit: 'c', objects, hooks };
  const start = { artifactDigest: 'sha256:d', command: [], env: {}, port: 80, replicas: 1, readyTimeoutMs: 1000 };
  const manifest: Manifest = { ...start, healthPath: '/', metricsPath: null, container };

  it('brings the objects, then runs the hook, before the first step alone', async () => {
    const { work, effects } = await givenRun();

    await prepareRelease(work, laneOf(manifest));
    await prepareRelease(work, { ...laneOf(manifest), step: 2 });

    expect(effects).toEqual(['prepare', 'pre migrate']);
  });
});
