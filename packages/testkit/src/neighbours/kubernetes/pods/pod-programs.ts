import { OrchestraError } from '@orchestra/contracts';
import { existsSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { cachedFolder } from '../../cache-folder.ts';
import { unpackPackage } from '../../debian-packages.ts';
import { findProgram } from '../../run-program.ts';
import { buildControlPlane } from '../build-control-plane.ts';

/** What a node takes that runs real pods. */
export interface PodPrograms {
  /** The folder of kubelet, kube-proxy and the control plane. */
  kubernetes: string;
  /** The folder of the plugins that give pods their network. */
  network: string;
  /** A busybox that needs no library: the images of the tests are made of it. */
  busybox: string;
  /** Under which the programs find each other and their libraries. */
  env: Record<string, string>;
}

const installedPlugins = ['/usr/lib/cni', '/opt/cni/bin'];
const machine = `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;
const programFolders = ['usr/sbin', 'usr/bin', 'sbin', 'bin'];
const libraryFolders = [`usr/lib/${machine}`, `lib/${machine}`, 'usr/lib'];

/**
 * Finds the programs of a node: those of the system come first, the others are unpacked out of their Debian packages into
 * the cache, where they are known to nothing else on the machine.
 *
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` when one cannot be had
 */
export async function findPodPrograms(): Promise<PodPrograms> {
  if (findProgram('unshare') === null) throw missing('unshare (package util-linux)');
  const unpacked: string[] = [];
  for (const [program, name] of packages) {
    if (findProgram(program) === null) unpacked.push(await unpackPackage(name));
  }
  const tables = findProgram('iptables') === null ? [await nameTables(await unpackPackage('iptables'))] : [];
  const plugins = installedPlugins.find((folder) => existsSync(join(folder, 'bridge')));
  return {
    kubernetes: await buildControlPlane(),
    network: plugins ?? join(await unpackPackage('containernetworking-plugins'), 'usr/lib/cni'),
    busybox: findIn(await unpackPackage('busybox-static'), 'busybox'),
    env: environmentOf(unpacked, tables),
  };
}

const packages = [
  ['containerd', 'containerd'],
  ['runc', 'runc'],
  ['iptables', 'iptables'],
  ['ip', 'iproute2'],
] as const;

// The system's own names for it come from its package manager when it installs it.
function nameTables(root: string): Promise<string> {
  const program = findIn(root, 'xtables-nft-multi');
  return cachedFolder('iptables-names', async (folder) => {
    for (const family of ['iptables', 'ip6tables']) {
      for (const end of ['', '-save', '-restore']) await symlink(program, join(folder, `${family}${end}`));
    }
  });
}

function findIn(root: string, program: string): string {
  const file = programFolders.map((folder) => join(root, folder, program)).find(existsSync);
  if (file === undefined) throw missing(program);
  return file;
}

function environmentOf(roots: readonly string[], folders: readonly string[]): Record<string, string> {
  const path = [process.env['PATH'] ?? '', ...folders, ...below(roots, programFolders)];
  if (roots.length === 0) return { PATH: path.join(delimiter) };
  const libraries = below(roots, libraryFolders);
  const extensions = libraries.map((folder) => join(folder, 'xtables')).find(existsSync);
  return {
    PATH: path.join(delimiter),
    LD_LIBRARY_PATH: libraries.join(delimiter),
    ...(extensions === undefined ? {} : { XTABLES_LIBDIR: extensions }),
  };
}

function below(roots: readonly string[], folders: readonly string[]): string[] {
  return roots.flatMap((root) => folders.map((folder) => join(root, folder)));
}

function missing(what: string): OrchestraError {
  return new OrchestraError('NEIGHBOUR_UNAVAILABLE', `${what} is not here`);
}
