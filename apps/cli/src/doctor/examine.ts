import type { Check, Surroundings } from './check.ts';
import { checkCluster } from './check-cluster.ts';
import { checkDataFolder } from './check-data-folder.ts';
import { checkNeighbours } from './check-neighbours.ts';
import { checkNode } from './check-node.ts';
import { checkPlatform } from './check-platform.ts';
import { checkGit, checkImagePrograms, checkInfrastructurePrograms } from './check-programs.ts';
import { checkSandboxes } from './check-sandbox.ts';

/** Looks at everything at once. An absence is no error: it is what was asked for. */
export async function examine(surroundings: Surroundings): Promise<Check[]> {
  const { environment, folder } = surroundings;
  const found = await Promise.all([
    checkGit(environment),
    checkSandboxes(environment),
    checkInfrastructurePrograms(environment),
    checkImagePrograms(environment),
    checkDataFolder(folder),
    checkPlatform(surroundings),
    checkNeighbours(environment),
    checkCluster(environment),
  ]);
  return [checkNode(process.versions.node), ...found.flat()];
}
