import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsePipelineFile } from './parse-pipeline-file.ts';

describe('parsePipelineFile', () => {
  it('throws for no text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(parsePipelineFile(text)).toHaveProperty('ok');
      }),
    );
  });

  it('throws for no value of any key, and places every problem inside the file', () => {
    const word = fc.constantFrom('name', 'project', 'services', 'env', 'tools', 'a', '__proto__', 'constructor');
    const section = fc.constantFrom(
      'project',
      'build',
      'deployment',
      'observability',
      'pipeline',
      'testing',
      'chatops',
    );
    const value = fc.dictionary(word, fc.jsonValue({ maxDepth: 4 }), { maxKeys: 5 });
    fc.assert(
      fc.property(fc.dictionary(section, fc.oneof(value, fc.jsonValue())), (file) => {
        const text = JSON.stringify(file, null, 1);

        const parsed = parsePipelineFile(text);

        const problems = [...(parsed.ok ? [] : parsed.problems), ...parsed.warnings];
        expect(problems.every(({ line }) => line >= 1 && line <= text.split('\n').length)).toBe(true);
      }),
    );
  });

  it('gives the same answer for the same text', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parsePipelineFile(text)).toEqual(parsePipelineFile(text));
      }),
      { numRuns: 20 },
    );
  });
});
