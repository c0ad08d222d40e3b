import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { cachedFolder, cacheFolder } from '../cache-folder.ts';
import { runProgram } from '../run-program.ts';
import { say } from '../say.ts';

const version = 'v1.34.4';
const source = join(import.meta.dirname, '../../../kubernetes');
const buildTimeoutMs = 1_800_000;
const stamped = {
  gitVersion: version,
  gitMajor: '1',
  gitMinor: '34',
  gitTreeState: 'clean',
};
const programs = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy'];

/**
 * Builds etcd, the API server, the controllers, the scheduler, kubelet and kube-proxy as one program that is called by six
 * names; once for each state of its sources. Takes minutes, and seconds once the modules are in the cache.
 *
 * @returns the folder in which the names stand, fit to be a `KUBEBUILDER_ASSETS`
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` when Go is missing, or a module cannot be had
 */
export function buildControlPlane(): Promise<string> {
  return cachedFolder(`kubernetes-${version}-${digestOfSources()}`, async (folder) => {
    say('building etcd and Kubernetes: 6 to 9 minutes on two cores, once');
    await runProgram('env', buildArguments(join(folder, 'hyperkube')), buildTimeoutMs);
    for (const program of programs) await symlink('hyperkube', join(folder, program));
  });
}

function buildArguments(output: string): string[] {
  const caches = join(cacheFolder(), 'go');
  const stamps = Object.entries(stamped).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
  return [
    `GOMODCACHE=${join(caches, 'mod')}`,
    `GOCACHE=${join(caches, 'build')}`,
    'GOTOOLCHAIN=local',
    'CGO_ENABLED=0',
    'GOFLAGS=-buildvcs=false -trimpath',
    'go',
    '-C',
    source,
    'build',
    '-tags=node',
    `-ldflags=${['-s', '-w', ...stamps].join(' ')}`,
    `-o=${output}`,
    '.',
  ];
}

function digestOfSources(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(source).toSorted()) hash.update(name).update(readFileSync(join(source, name)));
  return hash.digest('hex').slice(0, 12);
}
