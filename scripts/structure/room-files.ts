import { listServices, type Rule, type Tree } from './tree.ts';

const files = ['README.md', 'package.json', 'tsconfig.json'];
const sources = ['main.ts', 'service.ts', 'ports.ts', 'create-ports.ts', 'config.ts', 'index.ts'];
const sections = ['Does', 'Listens', 'Publishes', 'Decides', 'Settings', 'Fails like this'];

/** Every service is a room of one shape: the same files, and a README with the same sections in the same order. */
export const roomFiles: Rule = (tree) => listServices(tree).flatMap((name) => judgeRoom(tree, `services/${name}`));

function judgeRoom(tree: Tree, room: string): string[] {
  const wanted = [...files, ...sources.map((file) => `src/${file}`)].map((file) => `${room}/${file}`);
  const missing = wanted.filter((path) => !tree.files.includes(path)).map((path) => `${path}: is missing`);
  return [...missing, ...judgeDecisions(tree, room), ...judgeTests(tree, room), ...judgeReadme(tree, room)];
}

function judgeDecisions(tree: Tree, room: string): string[] {
  const inside = tree.files.filter((path) => path.startsWith(`${room}/src/`));
  const decisions = inside.filter((path) => /\/decide[a-z0-9-]*\.ts$/.test(path));
  if (decisions.length === 0) return [`${room}/src: has no decide*.ts; what it judges must be pure`];
  const untested = decisions.filter((path) => !tree.files.includes(path.replace('.ts', '.test.ts')));
  return untested.map((path) => `${path}: has no test beside it`);
}

function judgeTests(tree: Tree, room: string): string[] {
  const path = `${room}/src/service.test.ts`;
  return tree.files.includes(path) ? [] : [`${path}: is missing; it gives events and looks at what comes out`];
}

function judgeReadme(tree: Tree, room: string): string[] {
  const path = `${room}/README.md`;
  if (!tree.files.includes(path)) return [];
  const found = [...tree.read(path).matchAll(/^## (.+)$/gm)].map((match) => match[1]);
  if (found.join() === sections.join()) return [];
  return [`${path}: its sections are ${found.join(' · ')}; they must be ${sections.join(' · ')}`];
}
