import type * as ClientModule from '@kubernetes/client-node';
import type { AppsV1Api, BatchV1Api, CoreV1Api, DiscoveryV1Api, SecurityAuthentication } from '@kubernetes/client-node';
import { OrchestraError } from '@orchestra/runtime';
import { openObjects, type ApiResources, type Objects } from './inputs/open-objects.ts';
import { createPatientHttp, type Patience } from './patient-http.ts';
import { askPage } from './pods/ask-page.ts';
import { reuseConnections } from './reuse-connections.ts';

/** A cluster, and what may be done there. */
export interface ClusterOptions {
  /** The path of a kubeconfig; null: the service account of our own pod. */
  kubeconfig: string | null;
  /** Null: the current one of the kubeconfig. */
  context: string | null;
  namespaces: readonly string[];
  kinds: readonly string[];
  /** Limit of one request, and of one request with all its repetitions. */
  requestMs: number;
  deadlineMs: number;
}

/** The parts of the API that releases need. */
export interface Apis {
  apps: AppsV1Api;
  core: CoreV1Api;
  batch: BatchV1Api;
  discovery: DiscoveryV1Api;
  /** Objects of any kind, as they were written. */
  objects: Objects;
  /** Reads a path that leads to a page of a pod, once; see `askPage`. */
  page(path: string): Promise<string | null>;
  /** Options of a patch: a part of an object, or all that we say about it (server-side apply). */
  part: PatchOptions;
  whole: PatchOptions;
}

type PatchOptions = ReturnType<Client['setHeaderOptions']>;

/** Makes the parts of the API; what they are asked ends with `signal`, and is repeated as long as `patience` says. */
export type Connect = (signal?: AbortSignal, patience?: Partial<Patience>) => Promise<Apis>;

/**
 * Reads the kubeconfig and connects, both when first needed: the client takes a second to load and 100 MB.
 *
 * @throws OrchestraError (the returned function) `TARGET_DENIED`, not retriable, when there is no usable kubeconfig;
 *   requests throw `TARGET_UNREACHABLE`, retriable, or the client's own ApiException
 */
export function connectCluster(options: ClusterOptions): Connect {
  const { requestMs, deadlineMs } = options;
  const resources: ApiResources = new Map();
  let loading: Promise<Loaded> | null = null;
  return async (signal, patience = {}) => {
    loading ??= load(options);
    const { client, auth, server } = await loading;
    const http = createPatientHttp(client, { requestMs, deadlineMs, ...patience }, signal);
    const configuration = client.createConfiguration({
      baseServer: new client.ServerConfiguration(server, {}),
      authMethods: { default: auth },
      httpApi: client.wrapHttpLibrary(http),
    });
    const { PatchStrategy, setHeaderOptions } = client;
    const pageMs = patience.requestMs ?? requestMs;
    return {
      apps: new client.AppsV1Api(configuration),
      core: new client.CoreV1Api(configuration),
      batch: new client.BatchV1Api(configuration),
      discovery: new client.DiscoveryV1Api(configuration),
      objects: openObjects(client, configuration, resources),
      async page(path) {
        const request = configuration.baseServer.makeRequestContext(path, client.HttpMethod.GET);
        await auth.applySecurityAuthentication(request);
        return askPage({ request, path }, { requestMs: pageMs, signal });
      },
      part: setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
      whole: setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply),
    };
  };
}

/** The module of the client, once it is loaded. */
export type Client = typeof ClientModule;

interface Loaded {
  client: Client;
  auth: SecurityAuthentication;
  server: string;
}

async function load({ kubeconfig, context }: ClusterOptions): Promise<Loaded> {
  const client = await import('@kubernetes/client-node');
  const config = new client.KubeConfig();
  try {
    if (kubeconfig === null) config.loadFromCluster();
    else config.loadFromFile(kubeconfig);
    if (context !== null) config.setCurrentContext(context);
  } catch (cause) {
    throw unusable(kubeconfig, cause);
  }
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) throw unusable(kubeconfig, null);
  return { client, auth: reuseConnections(config), server };
}

function unusable(kubeconfig: string | null, cause: unknown): OrchestraError {
  const where = kubeconfig === null ? 'This is no pod with a service account' : `${kubeconfig} names no cluster`;
  const message = `${where}: set KUBECONFIG, and KUBERNETES_CONTEXT where the file has several`;
  return new OrchestraError('TARGET_DENIED', message, { cause });
}
