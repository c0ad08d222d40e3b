import { CustomObjectsApi, KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { createHash } from 'node:crypto';
import { z } from 'zod';

const kind = { group: 'argoproj.io', version: 'v1alpha1', plural: 'rollouts' };
const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
const pollMs = 100;

const rolloutSchema = z.object({
  metadata: z.object({
    generation: z.int(),
    resourceVersion: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.object({
    template: z.object({ spec: z.object({ containers: z.array(z.looseObject({ image: z.string() })) }) }),
  }),
  status: z.object({ stableRS: z.string().optional(), promoteFull: z.boolean().optional() }).default({}),
});
type Played = z.output<typeof rolloutSchema>;

/** A Rollout of a test, with its controller played: it brings up no pods. */
export interface PlayedRollout {
  name: string;
  image(): Promise<string | undefined>;
  /** All of it, as the cluster has it. */
  read(): Promise<unknown>;
  setImage(image: string): Promise<void>;
  /** How often somebody has told it to skip its steps. */
  promotions(): number;
  stop(): Promise<void>;
}

/**
 * Makes a Rollout that serves `image` (null: there is none yet), and plays the controller: what has the tag `bad` becomes Degraded, `slow` stays Paused
 * at its first step, and all else becomes Healthy. What it said before it has seen a change stands until then, as with the
 * real one.
 */
export async function playRollout(
  kubeconfig: string,
  { namespace, image }: { namespace: string; image: string | null },
): Promise<PlayedRollout> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const api = config.makeApiClient(CustomObjectsApi);
  const name = 'web';
  const named = { ...kind, namespace, name };
  if (image !== null) await api.createNamespacedCustomObject({ ...kind, namespace, body: describe(name, image) });
  let promotions = 0;
  let stable: string | null = null;
  let playing = Promise.resolve();
  const timer = setInterval(() => {
    playing = playing.then(play).catch(() => {});
  }, pollMs);

  return {
    name,
    image: async () => imageOf(await read()),
    read: async () => api.getNamespacedCustomObject(named),
    async setImage(other) {
      const spec = { template: { spec: { containers: [{ name: 'app', image: other }] } } };
      await api.patchNamespacedCustomObject({ ...named, body: { spec } }, merge);
    },
    promotions: () => promotions,
    async stop() {
      clearInterval(timer);
      await playing;
    },
  };

  async function read(): Promise<Played> {
    return rolloutSchema.parse(await api.getNamespacedCustomObject(named));
  }

  async function play(): Promise<void> {
    const found = await read();
    await fillIn(api, named, found);
    const hash = createHash('sha256')
      .update(imageOf(found) ?? '')
      .digest('hex')
      .slice(0, 8);
    if (found.status.promoteFull === true) promotions += 1;
    stable ??= hash;
    const fate = hash === stable || found.status.promoteFull === true ? 'good' : fateOf(found);
    if (fate === 'good') stable = hash;
    const told = found.status.promoteFull === true ? { promoteFull: null } : {};
    const status = { ...statusOf(fate, found), currentPodHash: hash, stableRS: stable, ...told };
    await api.patchNamespacedCustomObjectStatus({ ...named, body: { status } }, merge);
  }
}

// The real one writes a Rollout as a whole, with what it leaves out.
async function fillIn(
  api: CustomObjectsApi,
  named: typeof kind & { namespace: string; name: string },
  { metadata: { resourceVersion }, spec }: Played,
): Promise<void> {
  const { containers } = spec.template.spec;
  if (containers.every((one) => 'resources' in one)) return;
  const filled = containers.map((one) => ({ resources: {}, ...one }));
  const body = { metadata: { resourceVersion }, spec: { template: { spec: { containers: filled } } } };
  await api.patchNamespacedCustomObject({ ...named, body, fieldManager: 'rollouts-controller' }, merge);
}

type Fate = 'good' | 'bad' | 'slow';

function statusOf(fate: Fate, { metadata }: Played): object {
  const replicas = { replicas: 2, updatedReplicas: fate === 'good' ? 2 : 1, availableReplicas: 2 };
  const seen = { ...replicas, observedGeneration: String(metadata.generation) };
  switch (fate) {
    case 'good':
      return { ...seen, phase: 'Healthy', message: null, currentStepIndex: 2 };
    case 'bad':
      return { ...seen, phase: 'Degraded', message: 'ProgressDeadlineExceeded: has timed out', currentStepIndex: 0 };
    case 'slow':
      return { ...seen, phase: 'Paused', message: 'CanaryPauseStep', currentStepIndex: 1 };
  }
}

function fateOf(found: Played): Fate {
  const image = imageOf(found) ?? '';
  return (['bad', 'slow'] as const).find((tag) => image.includes(`:${tag}@`)) ?? 'good';
}

function imageOf({ spec }: Played): string | undefined {
  return spec.template.spec.containers[0]?.image;
}

function describe(name: string, image: string): object {
  const labels = { app: name };
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      strategy: { canary: { steps: [{ setWeight: 50 }, { pause: {} }] } },
      template: { metadata: { labels }, spec: { containers: [{ name: 'app', image }] } },
    },
  };
}
