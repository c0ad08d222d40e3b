// Renders schemas/ as TypeScript: event types, the topic table and the schemas themselves, all committed and drift-checked.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { renderEventTypes } from './generate-contracts/event-types.ts';
import { readReleasedSchemas, renderReleasedSchemas } from './generate-contracts/released-schemas.ts';
import { renderTopicTable, topicTable } from './generate-contracts/topic-table.ts';

const root = join(import.meta.dirname, '..');
const target = join(root, 'packages/contracts/src');
const header = '// Generated from schemas/ by `pnpm generate`. Do not edit.\n';

const table = topicTable.parse(parse(readFileSync(join(root, 'schemas/topics.yaml'), 'utf8')));
const schemas = readSchemas();
const missing = Object.keys(table).filter((topic) => !(topic in schemas));
if (missing.length > 0) throw new Error(`No schema for ${missing.join(', ')}: add schemas/events/<topic>.avsc`);

write('events.generated.ts', renderEventTypes(schemas));
write('topics.generated.ts', renderTopicTable(table));
write('schemas.generated.ts', renderSchemas());
const released = readReleasedSchemas(join(root, 'schemas/released'), Object.keys(table));
write('released-schemas.generated.ts', renderReleasedSchemas(released));

function readSchemas(): Record<string, z.core.util.JSONType> {
  const folder = join(root, 'schemas/events');
  const files = readdirSync(folder).toSorted();
  return Object.fromEntries(
    files.map((file) => [
      file.replace('.avsc', ''),
      z.json().parse(JSON.parse(readFileSync(join(folder, file), 'utf8'))),
    ]),
  );
}

function renderSchemas(): string {
  const lines = Object.entries(schemas).map(([topic, schema]) => `  ${topic}: ${JSON.stringify(schema)},`);
  return `/** The current Avro schema of each topic. */\nexport const schemas = {\n${lines.join('\n')}\n} as const;\n`;
}

function write(file: string, body: string): void {
  writeFileSync(join(target, file), `${header}\n${body}`);
}
