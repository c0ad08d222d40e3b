import { AppsV1Api, BatchV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';

interface Stopped {
  stop(): Promise<void>;
}

/** How the tests come by a cluster and by namespaces in it. */
interface Starts {
  startKubernetes(): Promise<Stopped & { url: string }>;
  startFakeNode(kubeconfig: string): Promise<Stopped & { namespace: string }>;
}

/** A cluster as a test finds it, and whoever else works there. */
export interface UsedCluster {
  /** The path of its kubeconfig. */
  url: string;
  /** Of this test alone; its pods are run by a fake node. */
  namespace: string;
  apps: AppsV1Api;
  core: CoreV1Api;
  batch: BatchV1Api;
}

/** Gives the tests of a `describe` a cluster, and each of them a namespace. What it returns is filled before each test. */
export function useCluster({ startKubernetes, startFakeNode }: Starts): UsedCluster {
  const used: UsedCluster = Object.create(null);
  let cluster: Stopped;
  let node: Stopped;

  beforeAll(async () => {
    const started = await startKubernetes();
    cluster = started;
    const config = new KubeConfig();
    config.loadFromFile(started.url);
    Object.assign(used, {
      url: started.url,
      apps: config.makeApiClient(AppsV1Api),
      core: config.makeApiClient(CoreV1Api),
      batch: config.makeApiClient(BatchV1Api),
    });
  });
  afterAll(() => cluster.stop());
  beforeEach(async () => {
    const started = await startFakeNode(used.url);
    node = started;
    used.namespace = started.namespace;
  });
  afterEach(() => node.stop());
  return used;
}
