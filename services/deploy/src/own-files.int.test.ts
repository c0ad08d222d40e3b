import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { packFolder } from '@orchestra/adapters/archive';
import { createTarget, finishRollout, parsePipelineFile, parseTarget, type Plan } from '@orchestra/contracts';
import type { TargetWrite } from '@orchestra/runtime';
import { aContext } from '@orchestra/testkit';
import {
  ensureRenderers,
  listObjects,
  startFakeNode,
  startKubernetes,
  type FakeNode,
  type Neighbour,
} from '@orchestra/testkit/neighbours';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { settings } from './config.ts';
import { createPorts } from './create-ports.ts';
import { endWatch } from './end-watch.ts';
import { createService } from './service.ts';

const place = { repository: 'acme/shop', environment: 'production', service: 'web' };
const reference = `registry.test/shop:good@sha256:${'d'.repeat(64)}`;

const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: registry.test/shop, ports: [{ name: http, containerPort: 8080 }] }] }
`;
const config = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { LEVEL: info }\n';

const kinds = {
  'manifests: deploy': { 'deploy/web.yaml': deployment, 'deploy/settings.yaml': config },
  'kustomize: k8s': {
    'k8s/kustomization.yaml': 'resources: [web.yaml, settings.yaml]\n',
    'k8s/web.yaml': deployment,
    'k8s/settings.yaml': config,
  },
  'helm: { chart: chart }': {
    'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
    'chart/templates/web.yaml': deployment.replace(
      'metadata: { name: web }',
      'metadata: { name: {{ .Release.Name }} }',
    ),
    'chart/templates/settings.yaml': config,
  },
};

describe('a rollout of files of the repository', () => {
  let cluster: Neighbour;
  let node: FakeNode;
  let path: string;
  let folder: string;

  beforeAll(async () => {
    [cluster, path] = await Promise.all([startKubernetes(), ensureRenderers()]);
  }, 1_800_000);
  afterAll(() => cluster.stop());
  beforeEach(async () => {
    node = await startFakeNode(cluster.url);
    folder = await mkdtemp(join(tmpdir(), 'orchestra-own-files-'));
  });
  afterEach(async () => {
    await node.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function list(apiVersion: string, kind: string) {
    return listObjects(cluster.url, { apiVersion, kind, namespace: node.namespace });
  }

  function givenPlan(inputs: string, hooks = '{}'): Plan {
    const service = `{ name: web, port: 80, ready_timeout_seconds: 20, hooks: ${hooks} }`;
    const parsed = parsePipelineFile(
      `project: { name: shop }\nbuild: { tool: docker, image: registry.test/shop }\n` +
        `deployment:\n  provider: kubernetes\n  namespace: ${node.namespace}\n  ${inputs}\n  services: [${service}]\n`,
    );
    if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('; '));
    return parsed.plan;
  }

  async function givenSnapshot(files: Readonly<Record<string, string>>): Promise<Buffer> {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, 'source', name)), { recursive: true });
      await writeFile(join(folder, 'source', name), text);
    }
    return buffer(packFolder(join(folder, 'source'), { maxBytes: 1_000_000 }));
  }

  async function givenRun(files: Readonly<Record<string, string>>, plan: Plan) {
    const RENDER = { RENDER_DIR: join(folder, 'render'), RENDER_PATH: path };
    const ports = createPorts(
      settings.parse({ KUBECONFIG: cluster.url, KUBERNETES_NAMESPACES: node.namespace, ...RENDER }),
    );
    const kept = new Map<string, Buffer>();
    const put = async (content: Readable | Buffer) => {
      const bytes = Buffer.isBuffer(content) ? content : await buffer(content);
      const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
      kept.set(digest, bytes);
      return { digest, sizeBytes: bytes.length };
    };
    const { digest: snapshotDigest } = await put(await givenSnapshot(files));
    const state = { target: createTarget(place), version: 1, answers: new Map<string, string>() };
    const { slices, ...run } = aContext('deploy').run;
    const artifact = { name: 'shop', kind: 'IMAGE' as const, digest: reference.slice(-71), sizeBytes: 1, reference };
    const source = {
      planDigest: null,
      snapshotDigest,
      baseCommit: null,
      changedFiles: null,
      problems: [],
      warnings: [],
      licenses: [],
    };
    const build = { ...slices.build, result: { tool: 'docker', artifacts: [artifact], durationMs: 1 } };
    const context = aContext('deploy', {
      plan,
      job: { unit: 'deploy/production/web' },
      run: { ...run, repository: 'acme/shop', slices: { ...slices, build, gitops: { ...slices.gitops, source } } },
      artifacts: Object.assign(Object.create(null), {
        put,
        has: async (digest: string) => kept.has(digest),
        open: async (digest: string) => Readable.from([kept.get(digest) ?? Buffer.alloc(0)]),
      }),
      store: {
        readTarget: async (key) => ({ key, version: state.version, target: JSON.stringify(state.target) }),
        readQuarantine: async () => [],
        readAnswer: async (_run, key) => state.answers.get(key) ?? null,
        answer: async (_run, key, text) => {
          if (state.answers.has(key)) return 'already';
          state.answers.set(key, text);
          return 'stored';
        },
      },
      changeTarget: async ({ target }: TargetWrite) => {
        state.target = parseTarget(JSON.stringify(target));
        state.version += 1;
        return 'finished' as const;
      },
    });
    return { ports, state, context, kept, begin: async () => createService(ports).gate?.handle(context) };
  }

  it.each(Object.entries(kinds))('brings %s', async (inputs, files) => {
    const { state, kept, begin } = await givenRun(files, givenPlan(inputs));

    expect(await begin()).toMatchObject({ reason: 'judging', events: [{ data: { phase: 'STEP' } }] });

    const maps = await list('v1', 'ConfigMap');
    const found = maps.find(({ metadata }) => metadata?.name === 'settings');
    expect(found?.metadata?.labels).toMatchObject({ 'devops-orchestra.io/release': 'r1' });
    expect(await list('apps/v1', 'Deployment')).toMatchObject([
      { spec: { replicas: 2, template: { spec: { containers: [{ image: reference }] } } } },
    ]);
    const objects = state.target.lane?.manifest.container?.objects;
    expect(kept.get(objects?.rendered ?? '')?.toString()).toContain(reference);
  });

  it('does not take the lane for what the cluster refuses', async () => {
    const files = { 'deploy/web.yaml': deployment, 'deploy/settings.yaml': config.replace('\ndata:', '\ndota:') };
    const { state, begin } = await givenRun(files, givenPlan('manifests: deploy'));

    const result = await begin();

    expect(result).toMatchObject({
      status: 'failure',
      reason: 'inputs_refused',
      message: expect.stringContaining('dota'),
    });
    expect(state.target.lane).toBeNull();
    expect(await list('v1', 'Service')).toEqual([]);
  });

  it('moves nothing when the hook before it fails', async () => {
    const plan = givenPlan('manifests: deploy', '{ pre: { command: [fail] } }');
    const { begin } = await givenRun(kinds['manifests: deploy'], plan);

    expect(await begin()).toMatchObject({ events: [{ data: { phase: 'FAILED', reason: 'hook_failed' } }] });

    expect(await list('apps/v1', 'Deployment')).toEqual([]);
  });

  it('runs the hook behind it once, and says when it fails', async () => {
    const plan = givenPlan('manifests: deploy', '{ post: { command: [fail] } }');
    const { begin, state, context, ports } = await givenRun(kinds['manifests: deploy'], plan);
    const judging = await begin();
    if (judging?.kind === 'end') state.target = parseTarget(JSON.stringify(judging.target?.target));
    const { lane } = state.target;
    const released = finishRollout(
      state.target,
      {
        runId: context.run.runId,
        generation: 1,
        epoch: lane?.epoch ?? 0,
        checks: [],
      },
      context.now,
    );
    if (released.kind === 'refused') throw new Error(released.reason);
    state.target = released.target;
    state.answers.set(
      'watch/deploy/production/web/r1',
      JSON.stringify({ kind: 'health', eventId: 'e', verdict: 'HEALTHY', reason: null, checks: [] }),
    );

    const ends = [await endWatch({ release: 'r1' }, context, ports), await endWatch({ release: 'r1' }, context, ports)];

    for (const end of ends) expect(end).toMatchObject({ status: 'failure', reason: 'post_hook_failed' });
    expect(await list('batch/v1', 'Job')).toHaveLength(1);
  });
});
