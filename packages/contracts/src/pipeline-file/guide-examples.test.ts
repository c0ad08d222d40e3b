import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parsePipelineFile } from './parse-pipeline-file.ts';

const guides = join(import.meta.dirname, '../../../../docs/guides');
const text = readFileSync(join(guides, 'releases.md'), 'utf8');
const examples = [...text.matchAll(/```yaml\n(observability:\n[^]*?)```/g)].map(([, example = '']) => example);

describe('docs/guides/releases.md', () => {
  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(3);
  });

  it.each(examples)('shows what can be used as it stands: %j', (example) => {
    expect(parsePipelineFile(`project: {name: shop}\n${example}`)).toMatchObject({ ok: true });
  });
});
