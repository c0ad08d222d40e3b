import { posix } from 'node:path';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resolveInside } from '../archive/index.ts';
import type { Call } from './run-tool.ts';

/** The file that a plan is saved to, in the folder of the configuration. */
export const planName = 'orchestra.tfplan';

/**
 * Puts the bytes of a saved plan into a workspace.
 *
 * @returns the plan, relative to the workspace, as `apply` takes it
 * @throws OrchestraError as `resolveInside` for the folder
 */
export async function restorePlan(
  plan: Buffer,
  { workspace, folder }: Pick<Call, 'workspace' | 'folder'>,
): Promise<string> {
  const configuration = await resolveInside(workspace, folder);
  const file = join(configuration, planName);
  // A file of this name in the repository may be a link.
  await rm(file, { force: true, recursive: true });
  await writeFile(file, plan, { flag: 'wx' });
  return posix.join(folder, planName);
}
