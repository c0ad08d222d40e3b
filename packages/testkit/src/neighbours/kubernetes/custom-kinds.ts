import {
  ApiException,
  ApiextensionsV1Api,
  KubeConfig,
  loadYaml,
  type V1CustomResourceDefinition,
} from '@kubernetes/client-node';
import { OrchestraError } from '@orchestra/contracts';
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { cachedFolder, cacheFolder } from '../cache-folder.ts';
import { runProgram } from '../run-program.ts';

/** A definition as a project publishes it with its Go module. */
interface Published {
  module: string;
  file: string;
  /** What it is called in the cache, with its version. */
  as: string;
}

/** What platform teams name in a pipeline file. */
export const kindsInFront = [ofGateway('httproutes'), ofArgo('rollout', 'rollouts')];

/** All that the controller of Argo Rollouts looks at. */
export const kindsOfArgo = [
  ofArgo('rollout', 'rollouts'),
  ofArgo('analysis-run'),
  ofArgo('analysis-template'),
  ofArgo('cluster-analysis-template'),
  ofArgo('experiment'),
];

/** All that a controller of gateways looks at. */
export const kindsOfGateways = [
  'httproutes',
  'gatewayclasses',
  'gateways',
  'grpcroutes',
  'referencegrants',
  'backendtlspolicies',
].map(ofGateway);

function ofGateway(kind: string): Published {
  const file = `config/crd/standard/gateway.networking.k8s.io_${kind}.yaml`;
  return { module: 'sigs.k8s.io/gateway-api@v1.4.1', file, as: `${kind}-v1.4.1.yaml` };
}

function ofArgo(kind: string, name = kind): Published {
  const file = `manifests/crds/${kind}-crd.yaml`;
  return { module: 'github.com/argoproj/argo-rollouts@v1.8.3', file, as: `${name}-v1.8.3.yaml` };
}

/**
 * Makes kinds known to a cluster.
 *
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` when a definition cannot be had, or the cluster does not take it up
 */
export async function writeDefinitions(kubeconfig: string, published: readonly Published[]): Promise<void> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const api = config.makeApiClient(ApiextensionsV1Api);
  const name = `kinds-${published.map(({ as }) => as.replace('.yaml', '')).join('-')}`;
  const folder = await cachedFolder(name, (draft) => fetchAll(draft, published));
  for (const file of readdirSync(folder)) {
    const body = loadYaml<V1CustomResourceDefinition>(readFileSync(join(folder, file), 'utf8'));
    await makeDefinition(api, body);
  }
}

async function fetchAll(draft: string, published: readonly Published[]): Promise<void> {
  const modules = join(cacheFolder(), 'go', 'mod');
  mkdirSync(modules, { recursive: true });
  for (const { module, file, as } of published) {
    const settings = [`GOMODCACHE=${modules}`, 'GOTOOLCHAIN=local', 'GOFLAGS=-modcacherw'];
    const told = await runProgram('env', [...settings, 'go', 'mod', 'download', '-json', module]);
    const folder = /"Dir": "([^"]+)"/.exec(told)?.[1] ?? '';
    copyFileSync(join(folder, file), join(draft, as));
  }
}

const tries = 300;
const pauseMs = 200;

async function makeDefinition(api: ApiextensionsV1Api, body: V1CustomResourceDefinition): Promise<void> {
  try {
    await api.createCustomResourceDefinition({ body });
  } catch (error) {
    // Another file of tests was first.
    if (!(error instanceof ApiException && error.code === 409)) throw error;
  }
  const name = body.metadata?.name ?? '';
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const { status } = await api.readCustomResourceDefinition({ name });
    if (status?.conditions?.some(({ type, status: is }) => type === 'Established' && is === 'True')) return;
    await wait(pauseMs);
  }
  throw new OrchestraError('NEIGHBOUR_UNAVAILABLE', `The cluster does not take up ${name}`);
}
