import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from './configuration.ts';

/**
 * Installs the providers of a configuration, from the mirror that the CLI configuration names alone: there is no registry.
 *
 * @throws Error when one is not there, or not in a lock file that may not be changed
 */
export function initialize(folder: string, { providers }: Configuration, options: readonly string[]): void {
  const mirror = mirrorIn(process.env['TF_CLI_CONFIG_FILE']);
  for (const source of providers) {
    if (mirror === null || !existsSync(join(mirror, source))) {
      throw new Error(`Failed to query available provider packages\n\nprovider ${source} was not found`);
    }
  }
  const isLocked = options.includes('-lockfile=readonly');
  const locked = isLocked ? readFileSync(join(folder, '.terraform.lock.hcl'), 'utf8') : '';
  if (isLocked && providers.some((source) => !locked.includes(source))) {
    throw new Error('Provider dependency changes detected\n\nbut the lock file is read-only');
  }
  mkdirSync(join(folder, '.terraform'), { recursive: true });
}

function mirrorIn(file: string | undefined): string | null {
  if (file === undefined) return null;
  return /filesystem_mirror \{\s*path = "([^"]+)"/.exec(readFileSync(file, 'utf8'))?.[1] ?? null;
}
