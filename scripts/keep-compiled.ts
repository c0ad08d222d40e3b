import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Lets the processes that are started from now on, and those that they start, share what Node has compiled: the tests
 * start some hundreds of them, and loading its modules is most of what a short one does. Not kept for the next time:
 * programs in folders of a test come under new names each time.
 *
 * @returns `drop` removes what was kept
 */
export async function keepCompiled(): Promise<{ drop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-compiled-'));
  process.env['NODE_COMPILE_CACHE'] = folder;
  return { drop: () => rm(folder, { recursive: true, force: true }) };
}
