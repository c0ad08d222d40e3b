import { mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { cachedFolder, cacheFolder } from './cache-folder.ts';
import { findProgram, runProgram } from './run-program.ts';
import { say } from './say.ts';

const buildTimeoutMs = 1_800_000;

/** The modules that these programs are built from, with their versions; the image of deploy has the same. */
export const rendererModules = {
  kustomize: 'sigs.k8s.io/kustomize/kustomize/v5@v5.7.1',
  helm: 'helm.sh/helm/v4/cmd/helm@v4.3.1',
};

/**
 * Comes by the programs that render kustomizations and charts: those of this machine (for kustomize also kubectl), else
 * built from their modules, once.
 *
 * @returns the folders in which they are, in the form of PATH
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` when one is missing and Go is, too
 */
export async function ensureRenderers(): Promise<string> {
  const kustomize = findProgram('kustomize') ?? findProgram('kubectl');
  const helm = findProgram('helm');
  const folders = [
    kustomize === null ? await build('kustomize') : dirname(kustomize),
    helm === null ? await build('helm') : dirname(helm),
  ];
  return folders.join(delimiter);
}

function build(name: keyof typeof rendererModules): Promise<string> {
  const module = rendererModules[name];
  return cachedFolder(`${name}-${module.split('@').at(-1)}`, async (draft) => {
    say(`building ${name}: minutes, once`);
    const caches = join(cacheFolder(), 'go');
    mkdirSync(caches, { recursive: true });
    const settings = [`GOMODCACHE=${join(caches, 'mod')}`, `GOCACHE=${join(caches, 'build')}`, `GOBIN=${draft}`];
    await runProgram(
      'env',
      [...settings, 'GOTOOLCHAIN=local', 'CGO_ENABLED=0', 'go', 'install', module],
      buildTimeoutMs,
    );
  });
}
