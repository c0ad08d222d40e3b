import { lstatSync, readdirSync, realpathSync } from 'node:fs';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

const installed = join(import.meta.dirname, '../../../../node_modules');

/** Makes `node_modules` in a folder: the jest that tests this repository, and all that it needs, as pnpm lays it out. */
export async function copyJest(folder: string): Promise<void> {
  const store = realpathSync(join(installed, '.pnpm'));
  const target = join(folder, 'node_modules');
  const jest = realpathSync(join(installed, 'jest'));
  for (const name of listNeeded(store, jest)) {
    await cp(join(store, name), join(target, '.pnpm', name), {
      recursive: true,
      verbatimSymlinks: true,
      filter: isOurs,
    });
  }
  await mkdir(join(target, '.bin'));
  await symlink(join('.pnpm', relative(store, jest)), join(target, 'jest'));
  await symlink('../jest/bin/jest.js', join(target, '.bin/jest'));
}

// Programs of packages are shell scripts with paths of this machine; jest needs none of them.
function isOurs(path: string): boolean {
  return !path.endsWith(join('node_modules', '.bin'));
}

/** The folders of the store that a package reaches by its links. */
function listNeeded(store: string, first: string): ReadonlySet<string> {
  const needed = new Set<string>();
  const open = [first];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [name = ''] = relative(store, next).split(sep);
    if (needed.has(name)) continue;
    needed.add(name);
    open.push(...listLinks(join(store, name, 'node_modules')).map((link) => realpathSync(link)));
  }
  return needed;
}

function listLinks(folder: string): string[] {
  const entries = readdirSync(folder).filter((name) => !name.startsWith('.'));
  const packages = entries.flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(folder, name)).map((inner) => join(name, inner)) : [name],
  );
  return packages.map((name) => join(folder, name)).filter((path) => lstatSync(path).isSymbolicLink());
}
