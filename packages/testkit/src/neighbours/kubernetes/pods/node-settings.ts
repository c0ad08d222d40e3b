import { join } from 'node:path';
import { pauseImage } from './pod-images.ts';

const podNetwork = '10.64.0.0/24';

/** Settings of containerd: all that it keeps below its folder, and images only from there. */
export function configureContainers(folder: string, plugins: string): string {
  const runtime = 'plugins."io.containerd.grpc.v1.cri"';
  const unused = ['internal.v1.opt', 'snapshotter.v1.aufs', 'snapshotter.v1.btrfs', 'snapshotter.v1.zfs'];
  return `
version = 2
root = "${join(folder, 'root')}"
state = "${join(folder, 'state')}"
disabled_plugins = [${[...unused, 'snapshotter.v1.devmapper'].map((name) => `"io.containerd.${name}"`).join(', ')}]
[grpc]
  address = "${join(folder, 'containerd.sock')}"
[${runtime}]
  sandbox_image = "${pauseImage}"
  disable_apparmor = true
  restrict_oom_score_adj = true
[${runtime}.cni]
  bin_dir = "${plugins}"
  conf_dir = "${join(folder, 'network')}"
[${runtime}.containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
[${runtime}.containerd.runtimes.runc.options]
  SystemdCgroup = false
`;
}

/** How pods come by an address: a bridge in the room. */
export function configureNetwork(folder: string): string {
  const ipam = {
    type: 'host-local',
    dataDir: join(folder, 'addresses'),
    ranges: [[{ subnet: podNetwork }]],
    routes: [{ dst: '0.0.0.0/0' }],
  };
  const bridge = { type: 'bridge', bridge: 'pods0', isGateway: true, ipMasq: false, hairpinMode: true, ipam };
  return JSON.stringify({ cniVersion: '0.4.0', name: 'pods', plugins: [bridge] });
}

interface Settings {
  folder: string;
  group: string;
  kubeconfig: string;
}

/** Settings of kubelet. A container that keeps ending is begun again each second, so that nobody waits for minutes. */
export function configureKubelet({ folder, group }: Settings): string {
  return JSON.stringify({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    containerRuntimeEndpoint: `unix://${join(folder, 'containers', 'containerd.sock')}`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${group}`,
    enforceNodeAllocatable: [],
    failSwapOn: false,
    failCgroupV1: false,
    featureGates: { KubeletCrashLoopBackOffMax: true },
    crashLoopBackOff: { maxContainerRestartPeriod: '1s' },
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: 'AlwaysAllow' },
    healthzPort: 0,
    resolvConf: '',
    // Nobody answers there; without an address each pod gets a warning about it.
    clusterDNS: ['10.96.0.10'],
    imageGCHighThresholdPercent: 100,
    evictionHard: { 'memory.available': '50Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
    nodeStatusUpdateFrequency: '2s',
    podLogsDir: join(folder, 'pod-logs'),
  });
}

/** Settings of kube-proxy. A change is in the kernel as soon as it is known. */
export function configureProxy({ kubeconfig }: Settings): string {
  return JSON.stringify({
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'iptables',
    bindAddress: '10.200.0.2',
    healthzBindAddress: '',
    metricsBindAddress: '',
    clientConnection: { kubeconfig },
    clusterCIDR: podNetwork,
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
    iptables: { minSyncPeriod: '0s', syncPeriod: '30s' },
  });
}
