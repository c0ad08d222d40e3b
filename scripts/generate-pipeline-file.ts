// Renders the schema of the pipeline file: the JSON Schema for editors and the reference page, both committed and drift-checked.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipelineFileJsonSchema, schemaTree } from '@orchestra/contracts';
import { renderReferencePage } from './generate-pipeline-file/reference-page.ts';

const root = join(import.meta.dirname, '..');
const source = 'Generated from packages/contracts/src/pipeline-file/ by `pnpm generate`. Do not edit.';

write('schemas/devops_orchestra.schema.json', renderJsonSchema());
write('docs/reference/pipeline-file.md', renderReferencePage(schemaTree(), source));

function renderJsonSchema(): string {
  const { $schema, ...schema } = pipelineFileJsonSchema();
  const head = { $schema, $comment: source, title: 'devops_orchestra.yaml' };
  return `${JSON.stringify({ ...head, ...schema }, null, 2)}\n`;
}

function write(file: string, text: string): void {
  mkdirSync(join(root, file, '..'), { recursive: true });
  writeFileSync(join(root, file), text);
}
