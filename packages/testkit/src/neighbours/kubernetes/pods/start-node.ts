import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startProgram } from '../../program.ts';
import { runProgram } from '../../run-program.ts';
import { waitFor } from '../../wait-for.ts';
import { startControlPlane } from '../local-control-plane.ts';
import { makeGroup } from './control-groups.ts';
import type { PodCluster } from './join-pods.ts';
import { configureContainers, configureKubelet, configureNetwork, configureProxy } from './node-settings.ts';
import { writeImages, type PodImage } from './pod-images.ts';
import type { RoomOrder } from './pod-room.ts';

const readyTimeoutMs = 90_000;
const node = 'node-0';

/**
 * Starts a cluster with one node that runs real pods, inside of a room.
 *
 * @returns the path of a kubeconfig with all rights, and of a file with what `joinPods` tells
 */
export async function startNode(order: RoomOrder): Promise<{ kubeconfig: string; about: string }> {
  const { folder } = order;
  makeGroup(order.group);
  const serverPid = join(folder, 'server.pid');
  const [kubeconfig, images] = await Promise.all([startControl(order, serverPid), startContainers(order)]);
  await startWorkers(order, kubeconfig);
  await waitUntilNodeIsReady(kubeconfig);
  const about: PodCluster = { kubeconfig, images, serverPid };
  await writeFile(join(folder, 'about.json'), JSON.stringify(about));
  return { kubeconfig, about: join(folder, 'about.json') };
}

async function startControl({ folder, programs: { kubernetes } }: RoomOrder, serverPid: string): Promise<string> {
  const programs = join(folder, 'control-programs');
  await mkdir(programs);
  for (const name of ['etcd', 'kube-controller-manager', 'kube-scheduler']) {
    await symlink(join(kubernetes, name), join(programs, name));
  }
  // Kept alive, as a real one is: a test that kills it sees it come back.
  const kept = `#!/bin/sh
while :; do
  '${join(kubernetes, 'kube-apiserver')}' "$@" &
  echo $! > '${serverPid}'
  wait $!
  sleep 1
done
`;
  await writeFile(join(programs, 'kube-apiserver'), kept, { mode: 0o755 });
  const own = join(folder, 'control');
  await mkdir(own);
  return (await startControlPlane(programs, own)).url;
}

async function startContainers({ folder, programs }: RoomOrder): Promise<Record<PodImage, string>> {
  const own = join(folder, 'containers');
  const archive = join(folder, 'images.tar');
  const address = join(own, 'containerd.sock');
  await mkdir(join(own, 'network'), { recursive: true });
  await writeFile(join(own, 'network', 'pods.conflist'), configureNetwork(own));
  await writeFile(join(own, 'containerd.toml'), configureContainers(own, programs.network));
  const [images] = await Promise.all([
    writeImages(archive, join(folder, 'images'), programs.busybox),
    startProgram({
      command: 'containerd',
      args: [`--config=${join(own, 'containerd.toml')}`],
      folder: own,
      isReady: () => answers(['ctr', `--address=${address}`, 'version']),
    }),
  ]);
  await runProgram('ctr', [`--address=${address}`, '--namespace=k8s.io', 'images', 'import', archive]);
  return images;
}

async function startWorkers({ folder, group, programs }: RoomOrder, kubeconfig: string): Promise<void> {
  const settings = { folder, group, kubeconfig };
  const [kubelet, proxy] = [join(folder, 'kubelet'), join(folder, 'proxy')];
  for (const own of [kubelet, proxy]) await mkdir(own);
  await writeFile(join(kubelet, 'settings.json'), configureKubelet(settings));
  await writeFile(join(proxy, 'settings.json'), configureProxy(settings));
  await Promise.all([
    startProgram({
      command: join(programs.kubernetes, 'kubelet'),
      args: [
        `--config=${join(kubelet, 'settings.json')}`,
        `--kubeconfig=${kubeconfig}`,
        '--node-ip=10.200.0.2',
        `--hostname-override=${node}`,
        `--root-dir=${kubelet}`,
        `--cert-dir=${join(kubelet, 'certs')}`,
      ],
      folder: kubelet,
      isReady: async () => true,
    }),
    startProgram({
      command: join(programs.kubernetes, 'kube-proxy'),
      args: [`--config=${join(proxy, 'settings.json')}`, `--hostname-override=${node}`],
      folder: proxy,
      isReady: () => answers(['iptables', '-t', 'nat', '-L', 'KUBE-SERVICES', '-n']),
    }),
  ]);
}

async function answers([command = '', ...args]: readonly string[]): Promise<boolean> {
  return runProgram(command, args).then(
    () => true,
    () => false,
  );
}

async function waitUntilNodeIsReady(kubeconfig: string): Promise<void> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  let seen = 'no node';
  await waitFor({
    timeoutMs: readyTimeoutMs,
    lastSeen: () => seen,
    async check() {
      const { items } = await core.listNode();
      const ready = items[0]?.status?.conditions?.find(({ type }) => type === 'Ready');
      seen = ready?.message ?? seen;
      return ready?.status === 'True';
    },
  });
}
