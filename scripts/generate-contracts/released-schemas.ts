import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Reads `<folder>/<topic>/<n>.avsc` of each topic, oldest version first; no version yet is an empty list. */
export function readReleasedSchemas(folder: string, topics: readonly string[]): Record<string, z.core.util.JSONType[]> {
  return Object.fromEntries(
    topics.map((topic) => [
      topic,
      releasedVersions(folder, topic).map((version) =>
        z.json().parse(JSON.parse(readFileSync(join(folder, topic, `${version}.avsc`), 'utf8'))),
      ),
    ]),
  );
}

/** The numbers of the released versions of a topic, ascending. */
export function releasedVersions(folder: string, topic: string): number[] {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return entries
    .filter((entry) => entry.startsWith(`${topic}/`) && entry.endsWith('.avsc'))
    .map((entry) => Number(entry.slice(topic.length + 1, -'.avsc'.length)))
    .toSorted((one, other) => one - other);
}

/** Renders the released schemas as a constant: what old records were written with. */
export function renderReleasedSchemas(released: Record<string, z.core.util.JSONType[]>): string {
  const lines = Object.entries(released).map(([topic, versions]) => `  ${topic}: ${JSON.stringify(versions)},`);
  return `/** All released schemas of each topic, version 1 first. */\nexport const releasedSchemas = {\n${lines.join('\n')}\n} as const;\n`;
}
