import { describe, expect, it } from '@jest/globals';
import { parsePipelineFile } from './parse-pipeline-file.ts';

describe('a hostile pipeline file', () => {
  it.each([
    ['nothing', '', '1:1', 'empty'],
    ['only a comment', '# x', '1:1', 'empty'],
    ['a list', '- a', '1:1', 'must be a map'],
    ['a word', 'abc', '1:1', 'must be a map'],
    ['10 MB', 'x'.repeat(10_000_000), '1:1', 'at most 65536'],
    ['an alias', 'project: {name: &a x}\nbuild: {image: *a}', '2:16', 'Aliases'],
    ['an alias that names nothing', 'project: {name: *a}', '1:17', 'Aliases'],
    ['an alias bomb', `a: &a [1]\n${bomb()}`, '2:8', 'Aliases'],
    ['a merge key', 'project: {name: x}\n<<: {build: {}}', '2:1', 'Unknown key `<<`'],
    ['YAML 1.1, where merge keys work', '%YAML 1.1\n---\nproject: {name: x}', '1:1', 'YAML 1.2'],
    ['a tag', 'project: {name: !!js/function x}', '1:17', 'Tags'],
    ['a known tag', 'project: {name: !!binary eA==}', '1:17', 'Tags'],
    ['a prototype', 'project: {name: x}\n__proto__: {}', '2:1', '__proto__'],
    ['a prototype deep inside', 'project: {name: x}\nbuild: {a: {__proto__: 1}}', '2:13', '__proto__'],
    ['a key twice', 'project: {name: x}\nproject: {name: y}', '2:1', 'twice'],
    ['a key that is a list', '? [a]\n: b', '1:3', 'plain word'],
    ['a tab', 'project:\n\tname: x', '2:1', 'Tabs'],
    ['two documents', 'project: {name: x}\n---\nproject: {name: y}', '2:1', 'several documents'],
    ['an unclosed bracket', 'project: {name: x', '1:18', 'flow'],
  ])('with %s is refused at its place', (_, text, place, message) => {
    const parsed = parsePipelineFile(text);

    expect(parsed).toMatchObject({ ok: false });
    const [first] = parsed.ok ? [] : parsed.problems;
    expect(`${first?.line}:${first?.column}`).toBe(place);
    expect(first?.message.toLowerCase()).toContain(message.toLowerCase());
  });

  it.each([
    ['brackets', '['.repeat(20_000)],
    ['maps', '{a: '.repeat(10_000)],
    ['lists', '- '.repeat(20_000)],
    ['closed brackets', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['a few hundred levels under a known key', `build: ${'['.repeat(400)}${']'.repeat(400)}`],
  ])('nested deeply in %s is refused', (_, text) => {
    expect(parsePipelineFile(text).ok).toBe(false);
  });

  it('with tens of thousands of equal keys is answered with the first of them', () => {
    const parsed = parsePipelineFile(`{${'a,'.repeat(30_000)}}`);

    expect(parsed.ok ? [] : parsed.problems).toHaveLength(50);
  });
});

function bomb(): string {
  return Array.from({ length: 20 }, (_, index) => {
    const name = String.fromCodePoint(98 + index);
    return `${name}: &${name} [*${String.fromCodePoint(97 + index)}, *${String.fromCodePoint(97 + index)}]`;
  }).join('\n');
}
