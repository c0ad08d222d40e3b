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

// Where projects publish the definitions of their kinds with their Go modules.
const published = [
  {
    module: 'sigs.k8s.io/gateway-api@v1.4.1',
    file: 'config/crd/standard/gateway.networking.k8s.io_httproutes.yaml',
    as: 'httproutes-v1.4.1.yaml',
  },
  {
    module: 'github.com/argoproj/argo-rollouts@v1.8.3',
    file: 'manifests/crds/rollout-crd.yaml',
    as: 'rollouts-v1.8.3.yaml',
  },
];

/** Does what `addCustomKinds` promises. */
export async function writeDefinitions(kubeconfig: string): Promise<void> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const api = config.makeApiClient(ApiextensionsV1Api);
  const folder = await cachedFolder(`kinds-${published.map(({ as }) => as.replace('.yaml', '')).join('-')}`, fetchAll);
  for (const file of readdirSync(folder)) {
    const body = loadYaml<V1CustomResourceDefinition>(readFileSync(join(folder, file), 'utf8'));
    await makeDefinition(api, body);
  }
}

async function fetchAll(draft: string): Promise<void> {
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
