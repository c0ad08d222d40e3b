import { describe, expect, it } from '@jest/globals';
import { parsePipelineFile } from './parse-pipeline-file.ts';
import { renderProblems } from './render-problems.ts';

describe('renderProblems', () => {
  it('names file, place and what to do, problems before warnings', () => {
    const parsed = parsePipelineFile('secrets: {}\nprojct: {name: x}\n');
    const problems = parsed.ok ? [] : parsed.problems;

    expect(renderProblems({ fileName: 'a.yaml', problems, warnings: parsed.warnings })).toBe(
      `a.yaml:1:1: error: \`project\` is missing
> 1 | secrets: {}
    | ^
  2 | projct: {name: x}
  = Write a map of keys.

a.yaml:2:1: error: Unknown key \`projct\` at the top of the file
  1 | secrets: {}
> 2 | projct: {name: x}
    | ^
  3 |
  = Did you mean \`project\`?

a.yaml:1:1: warning: \`secrets\` has no effect: builds and tests get no secrets
> 1 | secrets: {}
    | ^
  2 | projct: {name: x}
  = Remove the section.
`,
    );
  });

  it('says nothing about a file without problems', () => {
    expect(renderProblems({ fileName: 'a.yaml', problems: [], warnings: [] })).toBe('');
  });
});
