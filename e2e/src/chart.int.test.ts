import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceNames } from '@orchestra/contracts';
import { eventually } from '@orchestra/testkit';
import {
  ensureRenderers,
  listObjects,
  mayDo,
  startFakeNode,
  startKubernetes,
  type FakeNode,
  type Neighbour,
} from '@orchestra/testkit/neighbours';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const chart = join(import.meta.dirname, '../../deploy/chart');

// By what of the API the adapter asks for: on the way of a release, of its files, of its hooks, of its route, back, and at drift.
const writes = [
  ['apps', 'deployments'],
  ['', 'services'],
  ['batch', 'jobs'],
  ['', 'configmaps'],
  ['networking.k8s.io', 'ingresses'],
  ['autoscaling', 'horizontalpodautoscalers'],
  ['policy', 'poddisruptionbudgets'],
  ['', 'serviceaccounts'],
  ['gateway.networking.k8s.io', 'httproutes'],
].flatMap(([group = '', resource = '']) =>
  ['get', 'list', 'create', 'patch', 'delete'].map((verb) => ({ group, resource, verb })),
);
const looks = [
  { group: '', resource: 'pods', verb: 'list' },
  { group: '', resource: 'pods/log', verb: 'get' },
  { group: '', resource: 'events', verb: 'list' },
  { group: 'apps', resource: 'deployments', verb: 'list' },
  { group: 'discovery.k8s.io', resource: 'endpointslices', verb: 'list' },
];

describe('the chart on a cluster', () => {
  let cluster: Neighbour;
  let platform: FakeNode;
  let releases: FakeNode;
  let folder: string;
  let said: string;

  beforeAll(async () => {
    const [started, path] = await Promise.all([startKubernetes(), ensureRenderers()]);
    cluster = started;
    [platform, releases] = await Promise.all([startFakeNode(cluster.url), startFakeNode(cluster.url)]);
    folder = await mkdtemp(join(tmpdir(), 'orchestra-chart-'));
    said = await install(path);
  }, 1_800_000);
  afterAll(async () => {
    await Promise.all([platform.stop(), releases.stop(), rm(folder, { recursive: true, force: true })]);
    await cluster.stop();
  });

  async function install(path: string): Promise<string> {
    const values = {
      kafkaBrokers: 'kafka:9092',
      schemaRegistryUrl: 'http://registry:8080/apis/ccompat/v7',
      'secrets.platform': 'orchestra',
      'services.gitops.env.REPOSITORIES': 'acme/shop',
      'kubernetes.namespaces': `{${releases.namespace}}`,
      'ingress.enabled': 'true',
      'ingress.host': 'ci.example.test',
    };
    const set = Object.entries(values).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
    const args = ['install', 'orchestra', chart, '--namespace', platform.namespace, '--timeout', '5m', ...set];
    const env = { PATH: path, HOME: folder, KUBECONFIG: cluster.url };
    const { stderr } = await promisify(execFile)('helm', args, { env, timeout: 600_000 });
    return stderr;
  }

  function listPods() {
    return listObjects(cluster.url, { apiVersion: 'v1', kind: 'Pod', namespace: platform.namespace });
  }

  it('is taken whole: the job ends first, then every pod of the nine services and of the releases is placed', async () => {
    const pods = await eventually({
      see: async () => (await listPods()).map(({ metadata }) => metadata?.labels?.['app.kubernetes.io/name'] ?? ''),
      until: (names) => names.length === serviceNames.length + 3,
      timeoutMs: 60_000,
    });

    const expected = [...serviceNames, 'rollback', 'target', 'cli'];
    expect(pods.toSorted()).toEqual(expected.toSorted());
    expect(said).not.toMatch(/warn|unknown field/i);
  });

  it.each(['deploy', 'rollback'])('lets %s write releases where they were allowed, and nowhere else', async (name) => {
    const account = { namespace: platform.namespace, name: `orchestra-${name}` };
    const asked = [...writes, ...looks].map((deed) => ({ ...deed, account }));

    const denied = await findDenied(asked.map((deed) => ({ ...deed, namespace: releases.namespace })));
    const elsewhere = asked.map((deed) => ({ ...deed, namespace: platform.namespace }));

    expect(denied).toEqual([]);
    expect(await findDenied(elsewhere)).toHaveLength(elsewhere.length);
  });

  it('lets observability look, and write nothing', async () => {
    const account = { namespace: platform.namespace, name: 'orchestra-observability' };
    const there = { account, namespace: releases.namespace };
    const changes = writes.filter(({ verb }) => verb !== 'get' && verb !== 'list');

    const pages = { group: '', resource: 'pods/proxy', verb: 'get' };

    expect(await findDenied([...looks, pages].map((deed) => ({ ...deed, ...there })))).toEqual([]);
    expect(await findDenied(changes.map((deed) => ({ ...deed, ...there })))).toHaveLength(changes.length);
  });

  async function findDenied(deeds: readonly Parameters<typeof mayDo>[1][]): Promise<string[]> {
    const answers = await Promise.all(deeds.map((deed) => mayDo(cluster.url, deed)));
    return deeds.filter((_deed, index) => !answers[index]).map(({ verb, resource }) => `${verb} ${resource}`);
  }
});
