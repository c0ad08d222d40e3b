import { createHash } from 'node:crypto';
import { cpSync, lstatSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isOpenToAll } from './is-open-to-all.ts';
import type { ReadOnlyPath } from './sandbox.ts';
import { canSwitchUser } from './step-user.ts';
import { createToolFolder } from './tool-folder.ts';

/**
 * Makes tools of ours readable for steps that see the host as it is, and run as another user than root.
 *
 * @param paths what belongs together: where it has to be copied, it stands as `to` says
 * @returns where each of them is
 */
export function placeForSteps(paths: readonly ReadOnlyPath[]): string[] {
  const isReadable = !canSwitchUser() || paths.every(({ from }) => isOpenToAll(from));
  if (isReadable) return paths.map(({ from }) => from);

  const names = paths.map(({ from }) => `${from} ${statSync(from).mtimeMs}`).join('\n');
  const place = join(createToolFolder(true).root, createHash('sha256').update(names).digest('hex').slice(0, 16));
  if (lstatSync(place, { throwIfNoEntry: false }) === undefined) copyTo(place, paths);
  return paths.map(({ to }) => join(place, to));
}

// Another process may do the same: each finishes its own draft, and the first one stands.
function copyTo(place: string, paths: readonly ReadOnlyPath[]): void {
  const draft = `${place}.${process.pid}`;
  for (const { from, to } of paths) {
    mkdirSync(dirname(join(draft, to)), { recursive: true, mode: 0o755 });
    cpSync(from, join(draft, to), { recursive: true });
  }
  try {
    renameSync(draft, place);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (lstatSync(place, { throwIfNoEntry: false }) === undefined) throw error;
  }
}
