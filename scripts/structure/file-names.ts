import { listRooms, type Rule, type Tree } from './tree.ts';

const drawers = /^(utils?|helpers?|common|misc|types|shared|lib)$/;
const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*\.(ts|tsx|js|mjs)$/;

/** One idea a file, named for it: no drawers, kebab-case, and `index.ts` only where a package has a door. */
export const fileNames: Rule = (tree) => {
  const sources = tree.files.filter((path) => /^(packages|services|apps|e2e|bench)\/.*\.(ts|tsx|mjs|js)$/.test(path));
  const ours = sources.filter((path) => path.includes('/src/'));
  const doors = listRooms(tree).flatMap((room) => listDoors(tree, room));
  return ours.flatMap((path) => judgeName(path, doors));
};

function judgeName(path: string, doors: string[]): string[] {
  const parts = path.split('/');
  const name = parts.at(-1) ?? '';
  const words = [...parts.slice(0, -1), name.split('.')[0] ?? ''];
  const drawer = words.find((word) => drawers.test(word));
  if (drawer !== undefined) return [`${path}: "${drawer}" says nothing about what is inside`];
  if (!kebab.test(name)) return [`${path}: is not kebab-case`];
  if (name === 'index.ts' && !doors.includes(path)) return [`${path}: is no door of its package`];
  return [];
}

function listDoors(tree: Tree, room: string): string[] {
  const manifest = tree.read(`${room}/package.json`);
  return [...manifest.matchAll(/"source": "\.\/([^"]+)"/g)].map((match) => `${room}/${match[1]}`);
}
