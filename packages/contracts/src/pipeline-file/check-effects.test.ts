import { describe, expect, it } from '@jest/globals';
import { parsePipelineFile } from './parse-pipeline-file.ts';

function warningsOf(infrastructure: string): string[] {
  const parsed = parsePipelineFile(`
project: {name: shop, language: node}
infrastructure: ${infrastructure}
deployment: {environments: [production], services: [{name: web, command: node server.js}]}
`);
  return parsed.warnings.map(({ message }) => message);
}

describe('remarkEffects', () => {
  it('says that no proposal is asked for where a template is planned', () => {
    expect(warningsOf('{proposal: true, template: namespace}')).toEqual([
      '`proposal` has no effect: without a configuration the template namespace is planned',
    ]);
  });

  it.each(['{proposal: true}', '{proposal: false, template: namespace}', '{tool: cloudformation, proposal: true}'])(
    'has nothing to say of %s',
    (infrastructure) => {
      expect(warningsOf(infrastructure)).toEqual([]);
    },
  );
});
