import { describe, expect, it } from '@jest/globals';
import { pipelineFileJsonSchema, schemaTree, type SchemaNode } from './schema-tree.ts';

describe('pipelineFileJsonSchema', () => {
  it('is draft-07, which editors understand, and refuses unknown keys', () => {
    expect(pipelineFileJsonSchema()).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      additionalProperties: false,
      required: ['project'],
    });
  });
});

describe('schemaTree', () => {
  it('has a description for every key', () => {
    expect(undescribed(schemaTree(), '')).toEqual([]);
  });
});

function undescribed(node: SchemaNode, prefix: string): string[] {
  const forms = [...node.alternatives, ...(node.elements === null ? [] : [node.elements])];
  const own = Object.entries(node.properties).flatMap(([key, child]) => [
    ...(child.description === null ? [`${prefix}${key}`] : []),
    ...undescribed(child, `${prefix}${key}.`),
  ]);
  return [...own, ...forms.flatMap((form) => undescribed(form, prefix))];
}
