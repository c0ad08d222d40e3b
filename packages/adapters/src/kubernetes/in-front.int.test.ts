import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@orchestra/testkit';
import {
  addCustomKinds,
  startFakeNode,
  startKubernetes,
  type FakeNode,
  type Neighbour,
} from '@orchestra/testkit/neighbours';
import { ofRollout } from './argo/rollout-files.fixture.ts';
import { playRollout, type PlayedRollout } from './argo/a-rollout.fixture.ts';
import { aCluster, anImage, type WithImage } from './a-cluster.fixture.ts';
import { createKubernetesReleases, type KubernetesReleases } from './kubernetes-releases.ts';
import { playGateway, type PlayedGateway, type Said } from './route/a-gateway.fixture.ts';

const target = 'ada/shop/production/web';
const kinds = ['Deployment', 'Service', 'HTTPRoute', 'Rollout'];
const plain = [{ backendRefs: [{ name: 'web', port: 80 }] }, { backendRefs: [{ name: 'api', port: 80 }] }];

let cluster: Neighbour;
let core: CoreV1Api;

beforeAll(async () => {
  cluster = await startKubernetes();
  await addCustomKinds(cluster.url);
  const config = new KubeConfig();
  config.loadFromFile(cluster.url);
  core = config.makeApiClient(CoreV1Api);
});
afterAll(() => cluster.stop());

function byRoute(release: string, more: Parameters<typeof anImage>[2] = {}): WithImage {
  const startable = anImage(release, 'good', more);
  return { ...startable, container: { ...startable.container, route: 'shop' } };
}

describe('a canary by the weights of an HTTPRoute', () => {
  let node: FakeNode;
  let releases: KubernetesReleases;
  let gateway: PlayedGateway;

  beforeEach(async () => {
    node = await startFakeNode(cluster.url);
    releases = createKubernetesReleases({ ...aCluster(cluster.url, [node.namespace]), kinds })(node.namespace);
  });
  afterEach(async () => {
    await gateway.stop();
    await node.stop();
  });

  async function begin(said: Said | null = { accepted: true, resolved: true }, rules: readonly object[] = plain) {
    gateway = await playGateway(cluster.url, { namespace: node.namespace, rules, said });
    await releases.bringUp({ target, epoch: 1, startable: byRoute('r1', { replicas: 2 }) });
    await releases.share({ target, epoch: 1, weights: { r1: 100 } });
    await releases.bringUp({ target, epoch: 2, startable: byRoute('r2') });
    return gateway.rules();
  }

  it('gets its share and the requests with the header, and ends with the rules as they were', async () => {
    const before = await begin();

    const shared = await releases.share({ target, epoch: 2, weights: { r1: 90, r2: 10 } });

    expect(shared.releases).toEqual([
      { release: 'r1', wanted: 2, ready: 2, weight: 90 },
      { release: 'r2', wanted: 1, ready: 1, weight: 10 },
    ]);
    const [byHeader, both, other] = await gateway.rules();
    expect(byHeader).toMatchObject({
      matches: [{ headers: [{ name: 'canary', value: 'true' }] }],
      backendRefs: [{ name: 'web-canary', port: 80, weight: 1 }],
    });
    expect(both).toMatchObject({
      backendRefs: [
        { name: 'web', weight: 90 },
        { name: 'web-canary', weight: 10 },
      ],
    });
    expect(other).toEqual(before[1]);
    const canary = await core.readNamespacedService({ name: 'web-canary', namespace: node.namespace });
    expect(canary.spec?.selector).toMatchObject({ 'devops-orchestra.io/release': 'r2' });
    await expect(releases.retire({ target, epoch: 2, releases: ['r2'] })).rejects.toMatchObject({
      message: expect.stringContaining('has traffic'),
    });

    const promoted = await releases.share({ target, epoch: 3, weights: { r2: 100 } });

    expect(promoted.releases.map(({ release, weight }) => [release, weight])).toEqual([
      ['r1', 0],
      ['r2', 100],
    ]);
    expect(await gateway.rules()).toEqual(before);
    // Whoever leaves now is not asked any more.
    expect(gateway.served()).toEqual(before);
    // Who wrote the rules may write them again: we do not hold them.
    await gateway.apply([...plain, { backendRefs: [{ name: 'more', port: 80 }] }], 'team-shop');
  });

  it('is taken back by the rules as they were, also under a later move and after rules of others', async () => {
    const before = await begin();
    await releases.share({ target, epoch: 2, weights: { r1: 75, r2: 25 } });
    const added = { backendRefs: [{ name: 'docs', port: 80 }] };
    await gateway.write([...(await gateway.rules()), added], 'kubectl-edit');

    const back = await releases.giveBack({ target, epoch: 3, to: byRoute('r1', { replicas: 2 }) });

    expect(back.releases.map(({ release, weight }) => [release, weight])).toEqual([
      ['r1', 100],
      ['r2', 0],
    ]);
    expect(await gateway.rules()).toEqual([
      ...before,
      expect.objectContaining({ backendRefs: [expect.objectContaining(added.backendRefs[0] ?? {})] }),
    ]);
    const late = releases.share({ target, epoch: 2, weights: { r1: 50, r2: 50 } });
    await expect(late).rejects.toMatchObject({ code: 'TARGET_REFUSED' });
    expect(await gateway.rules()).toHaveLength(3);
  });

  it('is taken back also where somebody has removed the route', async () => {
    await begin();
    await releases.share({ target, epoch: 2, weights: { r1: 75, r2: 25 } });
    await gateway.remove();

    const back = await releases.giveBack({ target, epoch: 3, to: byRoute('r1', { replicas: 2 }) });

    expect(back.releases).toContainEqual({ release: 'r1', wanted: 2, ready: 2, weight: 100 });
  });

  it('is tried before anything is moved: a route that does not lead here is refused', async () => {
    gateway = await playGateway(cluster.url, { namespace: node.namespace, rules: plain.slice(1), said: null });

    const trying = releases.rehearse({ target, startable: byRoute('r1'), before: null });

    await expect(trying).rejects.toMatchObject({
      code: 'INPUTS_REFUSED',
      message: expect.stringContaining('HTTPRoute shop: It has no rule that leads to the Service web'),
    });
  });

  it.each([
    ['no gateway serves the route', null, plain, 'RELEASE_NOT_READY', 'no gateway has said anything'],
    [
      'its gateway refuses it',
      { accepted: true, resolved: false },
      plain,
      'RELEASE_NOT_READY',
      'example.com/played says Played',
    ],
    [
      'the route leads elsewhere',
      { accepted: true, resolved: true },
      [{ backendRefs: [{ name: 'api', port: 80 }] }],
      'TARGET_DENIED',
      'no rule that leads to the Service web',
    ],
  ])('gets nothing where %s, and says why', async (_case, said, rules, code, message) => {
    const before = await begin(said, rules);

    const sharing = releases.share({ target, epoch: 2, weights: { r1: 90, r2: 10 } });

    await expect(sharing).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    expect(await gateway.rules()).toEqual(before);
    await releases.giveBack({ target, epoch: 3, to: byRoute('r1', { replicas: 2 }) });
  });
});

describe('an Argo Rollout whose controller is played', () => {
  let node: FakeNode;
  let releases: KubernetesReleases;
  let rollout: PlayedRollout;
  // What its controller takes up by itself only once: it is what serves at first.
  const first = ofRollout('r1', 'slow');

  beforeEach(async () => {
    node = await startFakeNode(cluster.url);
    rollout = await playRollout(cluster.url, { namespace: node.namespace, image: first.container.image });
    const options = { ...aCluster(cluster.url, [node.namespace]), kinds };
    releases = createKubernetesReleases(options)(node.namespace, rollout.name);
  });
  afterEach(async () => {
    await rollout.stop();
    await node.stop();
  });

  it('gets the image of a release and is waited for, and gets the former one back without its steps', async () => {
    const second = ofRollout('r2', 'good', 'b');
    expect(await releases.rehearse({ target, startable: first, before: null })).toEqual([]);
    await releases.bringUp({ target, epoch: 1, startable: first });
    await releases.bringUp({ target, epoch: 2, startable: second });

    const served = await releases.share({ target, epoch: 2, weights: { r2: 100 } });

    expect(await rollout.image()).toBe(second.container.image);
    expect(served).toMatchObject({
      epoch: 2,
      releases: [
        { release: 'r2', ready: 2, weight: 100 },
        { release: 'r1', weight: 0 },
      ],
    });

    const back = await releases.giveBack({ target, epoch: 3, to: first });

    expect(await rollout.image()).toBe(first.container.image);
    expect(rollout.promotions()).toBeGreaterThan(0);
    expect(back.releases).toContainEqual({ release: 'r1', ready: 2, wanted: 2, weight: 100 });
    const late = releases.bringUp({ target, epoch: 2, startable: second });
    await expect(late).rejects.toMatchObject({ code: 'TARGET_REFUSED' });
    const { items } = await core.listNamespacedService({ namespace: node.namespace });
    expect(items).toEqual([]);
  });

  it.each([
    ['is Degraded', 'bad', 'Degraded: ProgressDeadlineExceeded'],
    ['stays paused', 'slow', 'Paused at step 2 of 2: CanaryPauseStep, after 3 s'],
  ])('that %s says why, and gets the image back that was healthy', async (_case, tag, message) => {
    const second = { ...ofRollout('r2', tag, 'b'), readyTimeoutMs: 3_000 };
    await releases.bringUp({ target, epoch: 1, startable: first });

    const bringing = releases.bringUp({ target, epoch: 2, startable: second });

    await expect(bringing).rejects.toMatchObject({
      code: 'RELEASE_NOT_READY',
      message: expect.stringContaining(message),
    });
    const back = await releases.giveBack({ target, epoch: 3, to: first });
    expect(back.releases).toContainEqual({ release: 'r1', ready: 2, wanted: 2, weight: 100 });
  });

  it('whose image somebody else sets is not fought', async () => {
    await releases.bringUp({ target, epoch: 1, startable: first });

    const second = ofRollout('r2', 'slow', 'b');
    const bringing = releases.bringUp({ target, epoch: 2, startable: second }).catch((error: unknown) => error);
    await eventually({ see: () => rollout.image(), until: (image) => image === second.container.image });
    await rollout.setImage('registry.test/shop:mine');

    expect(await bringing).toMatchObject({
      code: 'TARGET_DENIED',
      message: expect.stringContaining('to registry.test/shop:mine'),
    });
    expect(await rollout.image()).toBe('registry.test/shop:mine');
  });

  it('that is not there, or runs another image, is refused before anything is moved', async () => {
    const other = createKubernetesReleases({ ...aCluster(cluster.url, [node.namespace]), kinds })(
      node.namespace,
      'api',
    );

    await expect(other.rehearse({ target, startable: first, before: null })).rejects.toMatchObject({
      code: 'INPUTS_REFUSED',
      message: expect.stringContaining('There is no Rollout api'),
    });
    expect(await releases.look(target)).toBeNull();
  });
});
