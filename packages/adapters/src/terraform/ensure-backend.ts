import { OrchestraError } from '@orchestra/runtime';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readInside } from '../archive/index.ts';

export interface Configuration {
  /** Absolute. */
  folder: string;
  /** Where the tool will see the state. */
  statePath: string;
}

const ownBackend = /^\s*(backend\s+"|cloud\s*\{)|"(backend|cloud)"\s*:/m;
const maxConfigurationBytes = 8_388_608;

/**
 * Makes a configuration keep its state where we say, unless it says so itself: its workspace is gone after the attempt, and
 * it would forget what it made.
 *
 * @throws OrchestraError `INFRASTRUCTURE_TOOL_FAILED` when there is no configuration; as `readInside`
 */
export async function ensureBackend({ folder, statePath }: Configuration): Promise<void> {
  const names = (await readdir(folder)).filter((file) => /\.(tf|tofu)(\.json)?$/.test(file));
  if (names.length === 0) {
    throw new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', 'The folder of `infrastructure.path` has no .tf file');
  }
  const texts = await Promise.all(names.map((file) => readInside(folder, file, maxConfigurationBytes)));
  if (texts.some((text) => ownBackend.test(text.toString('utf8')))) return;

  const override = join(folder, 'orchestra_override.tf');
  // A file of this name in the repository may be a link.
  await rm(override, { force: true });
  const backend = `terraform {\n  backend "local" {\n    path = ${JSON.stringify(statePath)}\n  }\n}\n`;
  await writeFile(override, backend, { flag: 'wx' });
}

/** Whether the team has pinned the providers: a regular file of this name, as a link could lead anywhere. */
export async function hasLockFile(folder: string): Promise<boolean> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.some((entry) => entry.name === '.terraform.lock.hcl' && entry.isFile());
}
