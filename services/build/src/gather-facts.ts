import type { BuildPlan } from '@orchestra/contracts';
import type { Bench } from '@orchestra/adapters/workbench';
import { posix } from 'node:path';
import type { BuildFacts } from './decide-build.ts';
import { decideDockerfile } from './decide-dockerfile.ts';
import { parsePackageJson } from './parse-package-json.ts';
import type { Images } from './ports.ts';

const maxManifestBytes = 1_048_576;

/** Looks at the workspace and at the host, nothing more. */
export async function gatherFacts(plan: BuildPlan, bench: Bench, images: Images): Promise<BuildFacts> {
  const inContext = (name: string): string => posix.join(plan.context, name);
  const has = async (name: string): Promise<boolean> => bench.has(inContext(name));
  const packageJson = (await has('package.json')) ? await readManifest(bench, inContext('package.json')) : null;
  const hasLockfile = (await has('package-lock.json')) || (await has('npm-shrinkwrap.json'));
  const template = decideDockerfile({
    hasPackageJson: packageJson !== null,
    hasLockfile,
    hasBuildScript: packageJson?.hasBuildScript ?? false,
    hasRequirements: await has('requirements.txt'),
    hasGoModule: await has('go.mod'),
  });
  return {
    hasContext: await bench.has(plan.context),
    packageJson,
    hasLockfile,
    template,
    hasDockerfile: await has(plan.dockerfile),
    isInstalled: plan.tool === 'docker' || plan.tool === 'buildah' ? await images.isInstalled(plan.tool) : true,
  };
}

async function readManifest(bench: Bench, path: string): Promise<BuildFacts['packageJson']> {
  return parsePackageJson((await bench.read(path, maxManifestBytes)).toString('utf8'));
}
