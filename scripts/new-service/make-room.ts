import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { renderPages } from '../structure/topic-tables.ts';
import { listServices, readTopics, readTree } from '../structure/tree.ts';
import {
  addChartService,
  addComposeService,
  addConsumer,
  addDependency,
  addEmbedded,
  addReference,
  addReplay,
  addSettings,
  addSimulated,
} from './house-edits.ts';
import { renderManifest } from './manifest.ts';
import { judgeNewRoom, type NewRoom } from './names.ts';
import { renderRoom } from './room-texts.ts';

/**
 * Makes a room in the tree at `root` and tells the house about it. Packages and generated files are the caller's.
 *
 * @returns what keeps it from being made; nothing was written then
 */
export function makeRoom(root: string, room: NewRoom): string[] {
  const tree = readTree(root);
  const topics = readTopics(tree);
  const services = listServices(tree);
  const problems = judgeNewRoom(room, { services, topics: Object.keys(topics) });
  if (problems.length > 0) return problems;

  edit(root, 'schemas/topics.yaml', (text) => addConsumer(text, room.topic, room.name));
  edit(root, 'tsconfig.json', (text) => addReference(text, room.name));
  edit(root, 'compose.yaml', (text) => addComposeService(text, room.name));
  edit(root, 'deploy/chart/values.yaml', (text) => addChartService(text, room.name));

  edit(root, 'apps/cli/src/up/start-services.ts', (text) => addEmbedded(text, room.name));
  edit(root, 'apps/cli/src/replay/replay-service.ts', (text) => addReplay(text, room.name));
  edit(root, 'apps/cli/package.json', (text) => addDependency(text, room.name));

  edit(root, 'e2e/src/compose.test.ts', (text) => addSettings(text, room.name));
  edit(root, 'e2e/src/simulation/starters.ts', (text) => addSimulated(text, room.name));
  edit(root, 'e2e/package.json', (text) => addDependency(text, room.name));
  edit(root, 'e2e/tsconfig.json', (text) => addReference(text, room.name));

  const example = tree.read(`services/${services[0]}/package.json`);
  const texts = { 'package.json': renderManifest(room.name, example), ...renderRoom(room) };
  for (const [path, text] of Object.entries(texts)) write(join(root, 'services', room.name, path), text);
  for (const { path, text } of renderPages(readTree(root))) write(join(root, path), text);
  return [];
}

function edit(root: string, path: string, change: (text: string) => string): void {
  const file = join(root, path);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
