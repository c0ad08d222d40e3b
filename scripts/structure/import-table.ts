import { posix } from 'node:path';
import { listRooms, type Rule, type Tree } from './tree.ts';

/** What a kind of room may import of ours; `tests` adds to it in test files, `roots` in composition roots (main.ts). */
interface Allowed {
  sources: string[];
  tests?: string[];
  roots?: string[];
}

// Section 6 of the design. The linter knows the same table; this one also sees relative paths and new rooms.
const table: Record<string, Allowed> = {
  'packages/contracts': { sources: [] },
  'packages/runtime': { sources: ['contracts'] },
  'packages/backends': { sources: ['contracts', 'runtime'], tests: ['testkit'] },
  'packages/adapters': { sources: ['runtime'], tests: ['testkit'] },
  'packages/testkit': { sources: ['contracts', 'runtime', 'backends', 'adapters'] },
  services: { sources: ['contracts', 'runtime', 'adapters'], tests: ['testkit'], roots: ['backends'] },
};

/** Imports follow the table, and no relative import leaves its room. */
export const importTable: Rule = (tree) =>
  listRooms(tree).flatMap((room) => sourcesOf(tree, room).flatMap((path) => judgeFile(tree, room, path)));

function judgeFile(tree: Tree, room: string, path: string): string[] {
  const imports = listImports(tree.read(path));
  const allowed = listAllowed(room, path);
  const rooms = imports.filter((name) => name.startsWith('@orchestra/'));
  const strangers = allowed === null ? [] : rooms.filter((name) => !allowed.includes(name.split('/')[1] ?? ''));
  const escapes = imports.filter((name) => name.startsWith('.') && leaves(room, path, name));
  return [
    ...strangers.map((name) => `${path}: may not import ${name}`),
    ...escapes.map((name) => `${path}: ${name} leaves the room`),
  ];
}

// Null: anything. The command line composes the services; only its tests may use testkit, which the linter sees to.
function listAllowed(room: string, path: string): string[] | null {
  const allowed = table[room] ?? table[room.split('/')[0] ?? ''];
  if (allowed === undefined) return null;
  const { sources, tests = [], roots = [] } = allowed;
  if (path.endsWith('.test.ts')) return [...sources, ...tests];
  return path.endsWith('/src/main.ts') ? [...sources, ...roots] : sources;
}

/** The modules that a text imports or re-exports, statically or not. */
export function listImports(text: string): string[] {
  const code = text.replaceAll(/^\s*(\/\/|\*).*$/gm, '');
  const patterns = [/\bfrom\s+'([^']+)'/g, /\bimport\s+'([^']+)'/g, /\bimport\(\s*'([^']+)'/g];
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1] ?? ''));
}

function leaves(room: string, path: string, name: string): boolean {
  const target = posix.join(posix.dirname(path), name);
  return !target.startsWith(`${room}/`);
}

function sourcesOf(tree: Tree, room: string): string[] {
  return tree.files.filter((path) => path.startsWith(`${room}/src/`) && /\.tsx?$/.test(path));
}
