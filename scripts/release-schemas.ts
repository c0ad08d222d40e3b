// Copies each schema that differs from its last released version to schemas/released/<topic>/<n>.avsc and seals it in sha256sums.txt.
import { appendFileSync, copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { releasedVersions } from './generate-contracts/released-schemas.ts';
import { digestOf, sealFile } from './check-released-schemas.ts';
import { topicNames } from '@orchestra/contracts';

const root = join(import.meta.dirname, '..');
const released = join(root, 'schemas/released');

for (const topic of topicNames) {
  const current = join(root, 'schemas/events', `${topic}.avsc`);
  const last = releasedVersions(released, topic).at(-1) ?? 0;
  if (last > 0 && sameText(current, join(released, topic, `${last}.avsc`))) continue;

  const version = join(topic, `${last + 1}.avsc`);
  mkdirSync(join(released, topic), { recursive: true });
  copyFileSync(current, join(released, version));
  appendFileSync(join(released, sealFile), `${digestOf(join(released, version))}  ${version}\n`);
  process.stdout.write(`released ${version}\n`);
}

function sameText(one: string, other: string): boolean {
  return readFileSync(one, 'utf8') === readFileSync(other, 'utf8');
}
