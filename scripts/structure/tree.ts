import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** The repository as the rules see it: paths from the root, with `/`, and their texts. */
export interface Tree {
  files: string[];
  read(path: string): string;
}

/** A rule says in one sentence each what is wrong; the path comes first. */
export type Rule = (tree: Tree) => string[];

/** The tree of a folder under git: what is tracked or could be, so neither packages nor builds. */
export function readTree(root: string): Tree {
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1_048_576 } as const;
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], options);
  const files = listed.split('\n').filter((path) => path !== '' && existsSync(join(root, path)));
  return { files, read: (path) => readFileSync(join(root, path), 'utf8') };
}

/** A tree out of texts, for tests. */
export function treeOf(texts: Record<string, string>): Tree {
  return { files: Object.keys(texts), read: (path) => texts[path] ?? '' };
}

/** The text of a file, or null where there is none. */
export function readOptional(tree: Tree, path: string): string | null {
  return tree.files.includes(path) ? tree.read(path) : null;
}

/** The names of the services: the folders that hold a package. */
export function listServices(tree: Tree): string[] {
  const matches = tree.files.map((path) => /^services\/([^/]+)\/package\.json$/.exec(path)?.[1]);
  return matches.filter((name) => name !== undefined).toSorted();
}

/** The folders of all rooms with a package, from the root. */
export function listRooms(tree: Tree): string[] {
  const manifests = tree.files.filter((path) => /^(packages|services|apps)\/[^/]+\/package\.json$/.test(path));
  const rooms = manifests.map((path) => path.replace('/package.json', ''));
  return [...rooms, ...['e2e', 'bench'].filter((room) => tree.files.includes(`${room}/package.json`))];
}

const topicTable = z.record(
  z.string(),
  z.object({ says: z.string(), publishers: z.array(z.string()), consumers: z.array(z.string()) }),
);
export type TopicTable = z.output<typeof topicTable>;

/** schemas/topics.yaml: who publishes and who consumes what. */
export function readTopics(tree: Tree): TopicTable {
  return topicTable.parse(parse(tree.read('schemas/topics.yaml')));
}
