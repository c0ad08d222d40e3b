import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { parsePipelineFile } from './parse-pipeline-file.ts';
import { schemaTree, type SchemaNode } from './schema-tree.ts';

const root = join(import.meta.dirname, '../../../..');
const text = readFileSync(join(root, 'devops_orchestra.example.yaml'), 'utf8');
const rows = text.split('\n');
const olderText = rows
  .filter((row) => row.startsWith('# older: '))
  .map((row) => row.slice('# older: '.length))
  .join('\n');

describe('devops_orchestra.example.yaml', () => {
  it('is a valid pipeline file without a warning', () => {
    const parsed = parsePipelineFile(text);

    expect(parsed).toMatchObject({ ok: true, warnings: [] });
  });

  it('shows every key of today', () => {
    // Keys that exclude others stand in comments.
    const complete = text.replaceAll(/^( +)# ([a-z_]+:(?: |$))/gm, '$1$2');
    const shown = new Set(pathsIn(parse(complete)));

    const missing = keysOf(schemaTree(), 'current').filter((path) => !shown.has(path));

    expect(missing).toEqual([]);
  });

  it('explains every key in a comment before it', () => {
    const isKey = /^ *(?:- )?[a-z_]+:(?: |$)/;
    const isExplained = (index: number): boolean => /^ *# [A-Z a-z]/.test(rows[index - 1] ?? '');

    const bare = rows.filter((row, index) => isKey.test(row) && !/LOG_LEVEL|808[01]$/.test(row) && !isExplained(index));

    expect(bare).toEqual([]);
  });

  it('has a block of older keys that is understood', () => {
    const parsed = parsePipelineFile(olderText);

    expect(parsed).toMatchObject({ ok: true });
  });

  it('shows every older key, and each is answered with what to write now', () => {
    const { warnings } = parsePipelineFile(olderText);
    const answered = new Set(warnings.map(({ path }) => path.replaceAll(/\[\d+\]/g, '[]')));

    const silent = keysOf(schemaTree(), 'older').filter((path) => !answered.has(path));

    expect(silent).toEqual([]);
  });
});

function pathsIn(value: unknown, prefix = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((entry) => pathsIn(entry, `${prefix}[]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    return [path, ...pathsIn(entry, path)];
  });
}

function keysOf(node: SchemaNode, age: 'current' | 'older', prefix = ''): string[] {
  const own = Object.entries(node.properties).flatMap(([key, child]) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    const isOlder = child.olderAdvice !== null;
    if (isOlder && age === 'current') return [];
    return [...(isOlder === (age === 'older') ? [path] : []), ...keysOf(child, age, path)];
  });
  const forms = node.alternatives.filter(({ olderAdvice }) => age === 'older' || olderAdvice === null);
  const elements = node.elements === null ? [] : keysOf(node.elements, age, `${prefix}[]`);
  return [...own, ...elements, ...forms.flatMap((form) => keysOf(form, age, prefix))];
}
