import { CustomObjectsApi, KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { z } from 'zod';

const kind = { group: 'gateway.networking.k8s.io', version: 'v1', plural: 'httproutes' };
const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
const pollMs = 100;
// As Traefik by default: what it says of a route it serves by then.
const lagMs = 2_000;

const routeSchema = z.object({
  metadata: z.object({ generation: z.int() }),
  spec: z.object({ rules: z.array(z.record(z.string(), z.unknown())) }),
  status: z.object({ observed: z.int().optional() }).optional(),
});

/** A route of a test, with a gateway that says of each generation what it is told to say. It routes nothing. */
export interface PlayedGateway {
  name: string;
  /** The rules that stand there. */
  rules(): Promise<readonly Record<string, unknown>[]>;
  /** The rules that it serves by now. */
  served(): readonly Record<string, unknown>[];
  /** Writes the rules as somebody else. */
  write(rules: readonly object[], manager: string): Promise<void>;
  /** Server-side apply as somebody else, not by force. */
  apply(rules: readonly object[], manager: string): Promise<void>;
  remove(): Promise<void>;
  stop(): Promise<void>;
}

/** What a gateway says of a route. */
export interface Said {
  accepted: boolean;
  resolved: boolean;
}

/** Makes a route and plays the controller of its gateway. `said` null: there is none. */
export async function playGateway(
  kubeconfig: string,
  { namespace, rules, said }: { namespace: string; rules: readonly object[]; said: Said | null },
): Promise<PlayedGateway> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const api = config.makeApiClient(CustomObjectsApi);
  const name = 'shop';
  const named = { ...kind, namespace, name };
  const made = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name } };
  const whole = setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply);
  const body = { ...made, spec: spec(rules) };
  await api.patchNamespacedCustomObject({ ...named, body, fieldManager: 'team-shop', force: false }, whole);
  const { served, stop } = play(api, named, said);

  return {
    name,
    rules: async () => (await readRoute(api, named)).spec.rules,
    served,
    async write(own, manager) {
      await api.patchNamespacedCustomObject({ ...named, body: { spec: { rules: own } }, fieldManager: manager }, merge);
    },
    async apply(own, manager) {
      const written = { ...made, spec: spec(own) };
      await api.patchNamespacedCustomObject({ ...named, body: written, fieldManager: manager, force: false }, whole);
    },
    async remove() {
      await api.deleteNamespacedCustomObject(named);
    },
    stop,
  };
}

function spec(rules: readonly object[]): object {
  return { parentRefs: [{ name: 'public' }], rules };
}

type Named = typeof kind & { namespace: string; name: string };

async function readRoute(api: CustomObjectsApi, named: Named): Promise<z.output<typeof routeSchema>> {
  return routeSchema.parse(await api.getNamespacedCustomObject(named));
}

/** Says it of each generation, and serves that a while later. */
function play(api: CustomObjectsApi, named: Named, said: Said | null): Pick<PlayedGateway, 'served' | 'stop'> {
  let seen = 0;
  let served: readonly Record<string, unknown>[] = [];
  const following = new Set<NodeJS.Timeout>();
  let playing = Promise.resolve();
  const timer = setInterval(() => {
    playing = playing.then(say).catch(() => {});
  }, pollMs);
  return {
    served: () => served,
    async stop() {
      clearInterval(timer);
      await playing;
      for (const one of following) clearTimeout(one);
    },
  };

  async function say(): Promise<void> {
    const { metadata, spec: read } = await readRoute(api, named);
    const { generation } = metadata;
    if (said === null || generation === seen) return;
    const times = { observedGeneration: generation, lastTransitionTime: new Date().toISOString() };
    const told = { reason: 'Played', message: 'as told', ...times };
    const conditions = [
      { type: 'Accepted', status: said.accepted ? 'True' : 'False', ...told },
      { type: 'ResolvedRefs', status: said.resolved ? 'True' : 'False', ...told },
    ];
    const parent = { parentRef: { name: 'public' }, controllerName: 'example.com/played', conditions };
    await api.patchNamespacedCustomObjectStatus({ ...named, body: { status: { parents: [parent] } } }, merge);
    seen = generation;
    following.add(setTimeout(() => (served = read.rules), lagMs));
  }
}
