import { OrchestraError } from '@orchestra/contracts';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cachedFolder, withCacheLock } from './cache-folder.ts';
import { findProgram, runProgram } from './run-program.ts';
import { say } from './say.ts';

const environment = ['env', 'DEBIAN_FRONTEND=noninteractive', 'LC_ALL=C'];

/**
 * Installs a package with apt-get, as root or through a sudo that asks nothing.
 *
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` when apt-get is missing or this user may not install
 */
export async function installPackage(name: string): Promise<void> {
  await withCacheLock('apt', async () => {
    const root = await rootPrefix();
    say(`installing ${name} with apt-get`);
    const install = ['apt-get', 'install', '-y', '--no-install-recommends', name];
    await runAfterUpdate(root, install);
  });
}

/**
 * Unpacks a package and what it needs into the cache: no root is needed, and no service of the system is started.
 *
 * @returns the folder that stands for `/`
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` when apt-get is missing or cannot fetch it
 */
export async function unpackPackage(name: string): Promise<string> {
  if (findProgram('apt-get') === null) throw unavailable('apt-get is not on PATH');

  return cachedFolder(`debian-${name}`, async (folder) => {
    say(`fetching ${name} with apt-get`);
    const missing = await listMissing(name);
    await runProgram('sh', ['-c', 'cd "$0" && apt-get download "$@"', folder, ...missing]);
    for (const file of readdirSync(folder).filter((entry) => entry.endsWith('.deb'))) {
      await runProgram('dpkg-deb', ['--extract', join(folder, file), folder]);
    }
  });
}

/** The package itself and everything it needs that this system does not have. */
async function listMissing(name: string): Promise<string[]> {
  const lines = await runAfterUpdate([], ['apt-get', 'install', '--print-uris', '-y', '--no-install-recommends', name]);
  const files = lines.split('\n').filter((line) => line.startsWith("'"));
  return [name, ...files.map((line) => line.split(' ')[1]?.split('_')[0] ?? name)].filter(isFirst);
}

function isFirst(name: string, index: number, names: string[]): boolean {
  return names.indexOf(name) === index;
}

// The package lists of a fresh machine are empty or old: then, and only then, they are fetched.
async function runAfterUpdate(root: string[], command: string[]): Promise<string> {
  try {
    return await runAs(root, command);
  } catch {
    await runAs(await rootPrefix(), ['apt-get', 'update']);
    return runAs(root, command);
  }
}

function runAs(root: string[], command: string[]): Promise<string> {
  const [program = '', ...args] = [...root, ...environment, ...command];
  return runProgram(program, args);
}

async function rootPrefix(): Promise<string[]> {
  if (findProgram('apt-get') === null) throw unavailable('apt-get is not on PATH');
  if (process.getuid?.() === 0) return [];
  if (findProgram('sudo') === null) throw unavailable('apt-get needs root, and sudo is not on PATH');
  await runProgram('sudo', ['-n', 'true']);
  return ['sudo', '-n'];
}

function unavailable(message: string): OrchestraError {
  return new OrchestraError('NEIGHBOUR_UNAVAILABLE', message);
}
