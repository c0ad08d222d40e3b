// Renders the topic tables into the services' READMEs and into docs/reference/topics.md.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './run-command.ts';
import { renderPages } from './structure/topic-tables.ts';
import { readTree } from './structure/tree.ts';

for (const { path, text } of renderPages(readTree(root))) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
