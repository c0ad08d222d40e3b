import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createTarget,
  finishRollout,
  parsePipelineFile,
  parseTarget,
  type Plan,
  type Target,
} from '@orchestra/contracts';
import type { Result, TargetWrite } from '@orchestra/runtime';
import { aContext, startTraffic, untilShare } from '@orchestra/testkit';
import { joinPods } from '@orchestra/testkit/neighbours';
import { settings } from './config.ts';
import { createPorts } from './create-ports.ts';
import { createService } from './service.ts';

const place = { repository: 'acme/shop', environment: 'production', service: 'web' };

describe('a rollout of real pods', () => {
  const pods = joinPods();
  let namespace: string;
  let state: { target: Target; version: number };

  beforeEach(async () => {
    namespace = await pods.makeNamespace();
    state = { target: createTarget(place), version: 1 };
  });
  afterEach(() => pods.removeNamespace(namespace));

  function givenPlan(version: string): Plan {
    const parsed = parsePipelineFile(`
project: { name: shop }
build: { tool: docker, image: localhost/shop }
deployment:
  provider: kubernetes
  namespace: ${namespace}
  strategy: canary
  steps: [25]
  services: [{ name: web, port: 80, replicas: 3, ready_timeout_seconds: 60, env: { VERSION: ${version} } }]
`);
    if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('; '));
    return parsed.plan;
  }

  function keep(target: object): void {
    state = { target: parseTarget(JSON.stringify(target)), version: state.version + 1 };
  }

  /** The run of this number begins to release an image, as far as its first step. */
  async function begin(sequence: number, image: string): Promise<Result<'deploy'> | undefined> {
    const ports = createPorts(settings.parse({ KUBECONFIG: pods.kubeconfig, KUBERNETES_NAMESPACES: namespace }));
    const [, digest = ''] = image.split('@');
    const { slices } = aContext('deploy').run;
    const artifact = { name: 'shop', kind: 'IMAGE' as const, digest, sizeBytes: 1, reference: image };
    const build = { ...slices.build, result: { tool: 'docker', artifacts: [artifact], durationMs: 1 } };
    const context = aContext('deploy', {
      plan: givenPlan(`v${sequence}`),
      job: { unit: 'deploy/production/web' },
      run: { repository: 'acme/shop', runId: `run-${sequence}`, sequence, slices: { ...slices, build } },
      store: {
        readTarget: async (key) => ({ key, version: state.version, target: JSON.stringify(state.target) }),
        readQuarantine: async () => [],
      },
      changeTarget: async ({ target }: TargetWrite) => {
        keep(target);
        return 'finished' as const;
      },
    });
    const result = await createService(ports).gate?.handle(context);
    if (result?.kind === 'end' && result.target !== undefined) keep(result.target.target);
    return result;
  }

  /** The release that is being judged is good. */
  function release(sequence: number): void {
    const made = { runId: `run-${sequence}`, generation: 1, epoch: state.target.epoch, checks: [] };
    const finished = finishRollout(state.target, made, new Date());
    if (finished.kind === 'moved') keep(finished.target);
  }

  it('lets its first step have a part of the requests of users, none of which fails', async () => {
    await begin(1, pods.images.good);
    release(1);
    const traffic = startTraffic(await pods.reach(namespace, 'web'), { users: 2 });

    const result = await begin(2, pods.images.other);
    await untilShare(traffic, { body: 'v2', percent: 25 });
    await traffic.stop();

    expect(result).toMatchObject({ events: [{ data: { phase: 'STEP', release: 'r2', weightPercent: 25 } }] });
    expect(traffic.seen.bodies).toEqual(new Set(['v1', 'v2']));
    expect(traffic.seen.failed).toEqual([]);
  });

  it('fails with what pods printed that keep ending', async () => {
    const result = await begin(1, pods.images.bad);

    expect(result).toMatchObject({
      events: [{ data: { phase: 'FAILED', reason: 'release_not_ready' } }],
      target: { target: { lane: { state: 'failing' } } },
    });
    expect(JSON.stringify(result)).toContain('no such file: the database is not configured');
  });
});
