import { OrchestraError } from '@orchestra/contracts';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../free-port.ts';
import { startLocalNeighbour } from '../local-neighbour.ts';
import type { Neighbour } from '../neighbour.ts';
import { startProgram, type Program } from '../program.ts';
import { buildControlPlane } from './build-control-plane.ts';
import { answersOk, firstAccount, writeKubeconfig, writeSecrets } from './cluster-folder.ts';

const needed = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

/** Starts a control plane from the programs in `KUBEBUILDER_ASSETS`, or from those that are built into the cache. */
export async function startLocalControlPlane(): Promise<Neighbour> {
  const programs = await findPrograms();
  return startControlPlane(programs, await mkdtemp(join(tmpdir(), 'orchestra-kubernetes-')));
}

/** Starts a control plane from the programs in a folder, with all that it keeps in another. */
export async function startControlPlane(programs: string, folder: string): Promise<Neighbour> {
  const port = await findFreePort();
  await writeSecrets(folder);
  const place = { programs, folder, server: `https://127.0.0.1:${port}`, port };
  return startLocalNeighbour({
    url: join(folder, 'kubeconfig'),
    folder,
    start: async () => startAll(place),
  });
}

async function findPrograms(): Promise<string> {
  const given = process.env['KUBEBUILDER_ASSETS'] ?? '';
  if (given === '') return buildControlPlane();
  const missing = needed.filter((name) => !existsSync(join(given, name)));
  if (missing.length === 0) return given;
  throw new OrchestraError('NEIGHBOUR_UNAVAILABLE', `KUBEBUILDER_ASSETS has no ${missing.join(', no ')}`);
}

interface Place {
  programs: string;
  folder: string;
  server: string;
  port: number;
}

async function startAll(place: Place): Promise<Program> {
  const etcd = await startEtcd(place);
  const started = [etcd];
  try {
    const server = await startServer(place);
    started.push(server);
    const certificate = join(place.folder, 'certs', 'apiserver.crt');
    await writeKubeconfig(join(place.folder, 'kubeconfig'), { server: place.server, certificate });
    started.push(...(await Promise.all([startControllers(place), startScheduler(place)])));
    return { pid: server.pid, end: (signal) => endAll(started, signal) };
  } catch (error) {
    await endAll(started, 'SIGKILL');
    throw error;
  }
}

async function endAll(programs: readonly Program[], signal: NodeJS.Signals): Promise<void> {
  await Promise.all(programs.map((program) => program.end(signal)));
}

// On sockets in the folder, so that there is no port to pick. The peer's address has to look like host:port, which makes a
// file of that name; what is advertised is never dialled.
function startEtcd({ programs, folder }: Place): Promise<Program> {
  const own = join(folder, 'etcd');
  const peer = 'unix://peer:1';
  return startProgram({
    command: join(programs, 'etcd'),
    folder: own,
    args: [
      '--name=tests',
      `--data-dir=${join(own, 'data')}`,
      `--listen-client-urls=unix://${socketOf(folder)}`,
      '--advertise-client-urls=http://127.0.0.1:1',
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=tests=${peer}`,
      '--unsafe-no-fsync',
      '--log-level=warn',
    ],
    isReady: async () => existsSync(socketOf(folder)),
  });
}

function socketOf(folder: string): string {
  return join(folder, 'etcd', 'etcd.sock');
}

function startServer({ programs, folder, server, port }: Place): Promise<Program> {
  return startProgram({
    command: join(programs, 'kube-apiserver'),
    folder,
    args: [
      `--etcd-servers=unix://${socketOf(folder)}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      `--cert-dir=${join(folder, 'certs')}`,
      '--service-cluster-ip-range=10.96.0.0/16',
      '--service-account-issuer=https://kubernetes.default.svc',
      '--service-account-signing-key-file=sa.key',
      '--service-account-key-file=sa.pub',
      '--token-auth-file=tokens.csv',
      '--authorization-mode=RBAC',
      '--endpoint-reconciler-type=none',
      '--kubelet-preferred-address-types=InternalIP',
      '--profiling=false',
    ],
    isReady: () => answersOk(server, '/readyz'),
  });
}

function startControllers({ programs, folder, server }: Place): Promise<Program> {
  return startProgram({
    command: join(programs, 'kube-controller-manager'),
    folder: join(folder, 'controllers'),
    args: [
      ...clientFlags(folder),
      `--service-account-private-key-file=${join(folder, 'sa.key')}`,
      `--root-ca-file=${join(folder, 'certs', 'apiserver.crt')}`,
    ],
    isReady: () => answersOk(server, firstAccount),
  });
}

function startScheduler({ programs, folder, server }: Place): Promise<Program> {
  return startProgram({
    command: join(programs, 'kube-scheduler'),
    folder: join(folder, 'scheduler'),
    args: clientFlags(folder),
    isReady: () => answersOk(server, '/readyz'),
  });
}

function clientFlags(folder: string): string[] {
  return [`--kubeconfig=${join(folder, 'kubeconfig')}`, '--secure-port=0', '--leader-elect=false', '--profiling=false'];
}
