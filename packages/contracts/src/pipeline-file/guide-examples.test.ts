import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parsePipelineFile } from './parse-pipeline-file.ts';

const guides = join(import.meta.dirname, '../../../../docs/guides');
const text = readFileSync(join(guides, 'releases.md'), 'utf8');
const examples = [
  ...text.matchAll(/```yaml\n((?:build|deployment|infrastructure|observability|rollback):\n[^]*?)```/g),
].map(([, example = '']) => example);

// What a cluster runs is said once, by the first example of the chapter.
const image = 'build: { tool: docker, image: registry.example.com/team/shop }\n';

function whole(example: string): string {
  const isOfCluster = example.includes('provider: kubernetes') && !example.startsWith('build:');
  return `project: {name: shop}\n${isOfCluster ? image : ''}${example}`;
}

describe('docs/guides/releases.md', () => {
  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(15);
  });

  it.each(examples)('shows what can be used as it stands: %j', (example) => {
    expect(parsePipelineFile(whole(example))).toMatchObject({ ok: true });
  });
});
