import { CustomObjectsApi, KubeConfig } from '@kubernetes/client-node';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answersReady } from '../../answers-ready.ts';
import { findFreePort } from '../../free-port.ts';
import { startLocalNeighbour } from '../../local-neighbour.ts';
import type { Neighbour } from '../../neighbour.ts';
import { startProgram } from '../../program.ts';
import { kindsOfGateways, writeDefinitions } from '../custom-kinds.ts';
import { buildController } from './build-controller.ts';

// Without the clients of the DNS of all clouds, by which it would get certificates: they are half of what there is to build.
const controller = {
  name: 'traefik',
  program: 'github.com/traefik/traefik/v3/cmd/traefik',
  lessened: {
    module: 'github.com/go-acme/lego/v4@v4.33.0',
    folder: 'lego',
    file: 'providers/dns/zz_gen_dns_providers.go',
    text: `package dns

import (
	"fmt"

	"github.com/go-acme/lego/v4/challenge"
)

func NewDNSChallengeProviderByName(name string) (challenge.Provider, error) {
	return nil, fmt.Errorf("left out of the program of the tests: %s", name)
}
`,
  },
};
const gatewayApi = { group: 'gateway.networking.k8s.io', version: 'v1' };

/** A gateway that serves the routes of a cluster; `url` is where users reach it. */
export interface Traefik extends Neighbour {
  /** Makes the Gateway `public` in a namespace, to which routes there attach themselves. */
  open(namespace: string): Promise<void>;
}

/** Does what `startTraefik` promises. */
export async function runTraefik(kubeconfig: string): Promise<Traefik> {
  const command = await buildController(controller);
  await writeDefinitions(kubeconfig, kindsOfGateways);
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-traefik-'));
  const [port, ownPort] = await Promise.all([findFreePort(), findFreePort()]);
  const own = `http://127.0.0.1:${ownPort}`;
  const file = join(folder, 'traefik.json');
  await writeFile(file, await configurationFor(config, { folder, port, ownPort }));
  const start = () =>
    startProgram({ command, args: [`--configFile=${file}`], folder, isReady: () => answersReady(own, '/ping') });
  const api = config.makeApiClient(CustomObjectsApi);
  await makeClass(api);
  const server = await startLocalNeighbour({ url: `http://127.0.0.1:${port}`, folder, start });
  return Object.assign(server, { open: async (namespace: string) => openGateway(api, namespace, port) });
}

interface Place {
  folder: string;
  port: number;
  ownPort: number;
}

// A file of JSON is a file of YAML. It asks nobody outside, and takes its time as it does by default.
async function configurationFor(config: KubeConfig, { folder, port, ownPort }: Place): Promise<string> {
  const cluster = config.getCurrentCluster();
  const certificate = join(folder, 'ca.crt');
  await writeFile(certificate, Buffer.from(cluster?.caData ?? '', 'base64'));
  return JSON.stringify({
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    log: { level: 'INFO' },
    ping: {},
    entryPoints: { traefik: { address: `127.0.0.1:${ownPort}` }, web: { address: `127.0.0.1:${port}` } },
    providers: {
      kubernetesGateway: {
        endpoint: cluster?.server ?? '',
        token: config.getCurrentUser()?.token ?? '',
        certAuthFilePath: certificate,
      },
    },
  });
}

async function makeClass(api: CustomObjectsApi): Promise<void> {
  const body = {
    apiVersion: `${gatewayApi.group}/${gatewayApi.version}`,
    kind: 'GatewayClass',
    metadata: { name: 'traefik' },
    spec: { controllerName: 'traefik.io/gateway-controller' },
  };
  await api.createClusterCustomObject({ ...gatewayApi, plural: 'gatewayclasses', body });
}

async function openGateway(api: CustomObjectsApi, namespace: string, port: number): Promise<void> {
  const body = {
    apiVersion: `${gatewayApi.group}/${gatewayApi.version}`,
    kind: 'Gateway',
    metadata: { name: 'public' },
    spec: { gatewayClassName: 'traefik', listeners: [{ name: 'web', port, protocol: 'HTTP' }] },
  };
  await api.createNamespacedCustomObject({ ...gatewayApi, namespace, plural: 'gateways', body });
}
