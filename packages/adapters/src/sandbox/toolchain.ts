import { lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { createToolFolder, type ToolFolder } from './tool-folder.ts';

/** One thing that is visible inside: a part of the host, read-only, or a symbolic link. */
export interface Mount {
  kind: 'bind' | 'link';
  from: string;
  to: string;
}

/** What the sandbox shows of the host's software. */
export interface Toolchain {
  system: readonly Mount[];
  tools: readonly Mount[];
  /** Folders for PATH that come before the system's. */
  path: readonly string[];
  prlimit: string;
  /** A path with the same content that the user inside can read. */
  reachable(path: string): string;
  /** Writes again what a cleaner of temporary files may have taken away. Call it before each run. */
  ensure(): void;
}

export interface ToolchainOptions {
  /** Where the host finds its programs, in the form of PATH. */
  path: string;
  /** Further folders to show, under their own paths; their `bin`, where there is one, goes on PATH. */
  toolFolders: readonly string[];
  /** True: another user than ours has to be able to read everything. */
  forOtherUser: boolean;
}

const home = '/opt/orchestra';

/** Gathers the running Node, the host's npm, the system folders and what the settings name. */
export function createToolchain(options: ToolchainOptions): Toolchain {
  const folder = createToolFolder(options.forOtherUser);
  return {
    system: ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'].flatMap(systemMount),
    tools: [
      ...nodeMounts(folder),
      ...npmMounts(options.path, folder),
      ...options.toolFolders.map(bind),
      ...folder.files.map(({ name, from }): Mount => ({ kind: 'bind', from, to: `/etc/${name}` })),
    ],
    path: [join(home, 'bin'), ...options.toolFolders.map(programsOf)],
    prlimit: '/usr/bin/prlimit',
    reachable: folder.reachable,
    ensure: folder.ensure,
  };
}

// On merged systems all but /usr are links into it; elsewhere they are folders of their own.
function systemMount(path: string): Mount[] {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return [];
  return [stats.isSymbolicLink() ? { kind: 'link', from: readlinkSync(path), to: path } : bind(path)];
}

function bind(path: string): Mount {
  return { kind: 'bind', from: path, to: path };
}

// The Node that runs us, and not another one that the system may have: builds and tests see the version we are tested with.
function nodeMounts(folder: ToolFolder): Mount[] {
  const node = realpathSync(process.execPath);
  const to = join(home, 'bin/node');
  if (node.startsWith('/usr/')) return [{ kind: 'link', from: node, to }];
  return [{ kind: 'bind', from: folder.reachable(node), to }];
}

function npmMounts(path: string, folder: ToolFolder): Mount[] {
  const npm = findNpm(path);
  if (npm === null) return [];
  const inUsr = npm.startsWith('/usr/');
  const seen = inUsr ? npm : join(home, 'npm');
  const links = ['npm', 'npx'].map((name): Mount => ({
    kind: 'link',
    from: `${seen}/bin/${name}-cli.js`,
    to: `${home}/bin/${name}`,
  }));
  return inUsr ? links : [{ kind: 'bind', from: folder.reachable(npm), to: seen }, ...links];
}

/** The folder of the npm package: that of `npm` on PATH, or the one beside our Node. */
function findNpm(path: string): string | null {
  const onPath = path
    .split(delimiter)
    .filter(isAbsolute)
    .map((entry) => join(entry, 'npm'));
  const beside = join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js');
  for (const candidate of [...onPath, beside]) {
    const file = realPathOf(candidate);
    if (file?.endsWith('/bin/npm-cli.js') === true) return dirname(dirname(file));
  }
  return null;
}

function realPathOf(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

function programsOf(folder: string): string {
  const bin = join(folder, 'bin');
  return statSync(bin, { throwIfNoEntry: false })?.isDirectory() === true ? bin : folder;
}
