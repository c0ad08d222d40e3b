import { CustomObjectsApi, KubeConfig } from '@kubernetes/client-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, startTraffic, type Traffic } from '@orchestra/testkit';
import {
  startFakeNode,
  startKubernetes,
  startTraefik,
  type FakeNode,
  type Traefik,
} from '@orchestra/testkit/neighbours';
import { aCluster, anImage, type WithImage } from '../a-cluster.fixture.ts';
import { createKubernetesReleases, type KubernetesReleases } from '../kubernetes-releases.ts';
import { answerAs, ownAddress, type Answering } from './answering.fixture.ts';

const target = 'ada/shop/production/web';
const routes = { group: 'gateway.networking.k8s.io', version: 'v1', plural: 'httproutes' };
const kinds = ['Deployment', 'Service', 'HTTPRoute'];

// What the played gateway of the other tiers says is held to what this one says and does.
describe('a canary behind a real gateway', () => {
  const started: { stop(): Promise<void> }[] = [];
  let kubeconfig: string;
  let api: CustomObjectsApi;
  let traefik: Traefik;
  let node: FakeNode;
  let releases: KubernetesReleases;
  let pods: Record<'r1' | 'r2', Answering>;
  let traffic: Traffic | null = null;

  beforeAll(async () => {
    const cluster = await startKubernetes();
    started.push(cluster);
    kubeconfig = cluster.url;
    traefik = await startTraefik(kubeconfig);
    started.push(traefik);
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    api = config.makeApiClient(CustomObjectsApi);
  }, 3_600_000);
  afterAll(async () => {
    for (const one of started.toReversed()) await one.stop();
  });
  beforeEach(async () => {
    node = await startFakeNode(kubeconfig, ownAddress());
    pods = { r1: await answerAs('r1'), r2: await answerAs('r2') };
    releases = createKubernetesReleases({ ...aCluster(kubeconfig, [node.namespace]), kinds })(node.namespace);
  });
  afterEach(async () => {
    await traffic?.stop();
    traffic = null;
    for (const pod of Object.values(pods)) await pod.stop();
    await node.stop();
  });

  function release(name: 'r1' | 'r2'): WithImage {
    const { container, ...startable } = anImage(name);
    return { ...startable, container: { ...container, route: 'shop', port: pods[name].port } };
  }

  function named() {
    return { ...routes, namespace: node.namespace, name: 'shop' };
  }

  async function rules(): Promise<unknown> {
    const route: { spec?: { rules?: unknown } } = await api.getNamespacedCustomObject(named());
    return route.spec?.rules;
  }

  function address(): string {
    return `${traefik.url}/${node.namespace}`;
  }

  async function makeRoute(gateway: string): Promise<void> {
    const path = { type: 'PathPrefix', value: `/${node.namespace}` };
    const body = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'shop' },
      spec: {
        parentRefs: [{ name: gateway }],
        rules: [{ matches: [{ path }], backendRefs: [{ name: 'web', port: 80 }] }],
      },
    };
    await api.createNamespacedCustomObject({ ...named(), body });
  }

  async function begin(): Promise<void> {
    await traefik.open(node.namespace);
    await makeRoute('public');
    await releases.bringUp({ target, epoch: 1, startable: release('r1') });
    await releases.share({ target, epoch: 1, weights: { r1: 100 } });
    await eventually({ see: () => ask(address()), until: (told) => told === 'r1' });
    await releases.bringUp({ target, epoch: 2, startable: release('r2') });
    traffic = startTraffic(address(), { users: 2, restMs: 5 });
  }

  /** How many of a hundred requests the canary answers. */
  async function share(headers: Record<string, string> = {}): Promise<number> {
    let canary = 0;
    for (let request = 0; request < 100; request += 1) if ((await ask(address(), headers)) === 'r2') canary += 1;
    return canary;
  }

  it('gets the share that was asked for and all requests with the header, and no request fails on the way', async () => {
    await begin();
    const before = await rules();

    for (const percent of [10, 50]) {
      await releases.share({ target, epoch: 2, weights: { r1: 100 - percent, r2: percent } });
      await eventually({ see: () => share(), until: (seen) => Math.abs(seen - percent) <= 2 });
      expect(await share({ canary: 'true' })).toBe(100);
    }
    await releases.share({ target, epoch: 2, weights: { r2: 100 } });
    await releases.retire({ target, epoch: 2, releases: ['r1'] });
    await pods.r1.stop();

    expect(await share()).toBe(100);
    expect(await rules()).toEqual(before);
    await traffic?.stop();
    expect(traffic?.seen.failed).toEqual([]);
  });

  it('is taken back, and nobody meets its pods once these may go', async () => {
    await begin();
    const before = await rules();
    await releases.share({ target, epoch: 2, weights: { r1: 50, r2: 50 } });
    await eventually({ see: () => share(), until: (seen) => Math.abs(seen - 50) <= 2 });

    const back = await releases.giveBack({ target, epoch: 3, to: release('r1') });
    await releases.retire({ target, epoch: 3, releases: ['r2'] });
    await pods.r2.stop();

    expect(back.releases).toContainEqual({ release: 'r1', ready: 1, wanted: 1, weight: 100 });
    expect(await share()).toBe(0);
    expect(await share({ canary: 'true' })).toBe(0);
    expect(await rules()).toEqual(before);
    await traffic?.stop();
    expect(traffic?.seen.failed).toEqual([]);
  });

  it('gets nothing by a route of a gateway that is not there', async () => {
    await makeRoute('nobody');
    await releases.bringUp({ target, epoch: 1, startable: release('r1') });
    await releases.share({ target, epoch: 1, weights: { r1: 100 } });
    await releases.bringUp({ target, epoch: 2, startable: release('r2') });

    await expect(releases.share({ target, epoch: 2, weights: { r1: 90, r2: 10 } })).rejects.toMatchObject({
      code: 'RELEASE_NOT_READY',
      message: expect.stringContaining('No gateway serves the HTTPRoute shop'),
    });
  });
});

async function ask(url: string, headers: Record<string, string> = {}): Promise<string> {
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(10_000) });
  return answer.ok ? answer.text() : String(answer.status);
}
