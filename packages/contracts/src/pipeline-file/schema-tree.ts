import { z } from 'zod';
import type { KeyPath } from './remark.ts';
import { pipelineFile } from './schema.ts';

/** One place of the schema, as plain data: what suggestions, warnings and pages are made from. */
export interface SchemaNode {
  description: string | null;
  /** What to write instead of this key of older files; null for a key of today. */
  olderAdvice: string | null;
  /** Older words for a value and what they are called now. */
  olderWords: Readonly<Record<string, string>>;
  properties: Readonly<Record<string, SchemaNode>>;
  required: readonly string[];
  elements: SchemaNode | null;
  alternatives: readonly SchemaNode[];
  words: readonly string[];
  kind: string | null;
  defaultValue: unknown;
}

/** The draft-07 JSON Schema of the pipeline file, for editors. */
export function pipelineFileJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(pipelineFile, { target: 'draft-7', io: 'input' });
}

let cached: SchemaNode | undefined;

/** The whole schema as a tree. */
export function schemaTree(): SchemaNode {
  cached ??= toNode(pipelineFileJsonSchema());
  return cached;
}

type Written = z.core.JSONSchema.BaseSchema;

// What we put beside the standard keywords.
const ownKeywords = z.object({
  deprecationMessage: z.string().nullable().default(null),
  'x-older': z.record(z.string(), z.string()).default({}),
});

function toNode(schema: Written): SchemaNode {
  const { deprecationMessage, 'x-older': olderWords } = ownKeywords.parse(schema);
  const { description = null, items, required = [], type = null } = schema;
  return {
    description,
    olderAdvice: deprecationMessage,
    olderWords,
    properties: mapValues(schema.properties ?? {}),
    required,
    elements: items === undefined || Array.isArray(items) ? null : toNode(asSchema(items)),
    alternatives: (schema.anyOf ?? []).map((option) => toNode(asSchema(option))),
    words: (schema.enum ?? []).filter((word) => typeof word === 'string'),
    kind: Array.isArray(type) ? type.join(' or ') : type,
    defaultValue: schema.default,
  };
}

function mapValues(properties: Readonly<Record<string, Written | boolean>>): Record<string, SchemaNode> {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, toNode(asSchema(value))]));
}

function asSchema(schema: Written | boolean): Written {
  return typeof schema === 'boolean' ? {} : schema;
}

/** Every node that a path may lead to: more than one where a value may take several forms. */
export function nodesAt(path: KeyPath): readonly SchemaNode[] {
  let nodes = withAlternatives([schemaTree()]);
  for (const segment of path) nodes = withAlternatives(nodes.flatMap((node) => child(node, segment)));
  return nodes;
}

function child(node: SchemaNode, segment: KeyPath[number]): readonly SchemaNode[] {
  if (typeof segment === 'number') return node.elements === null ? [] : [node.elements];
  const property = Object.hasOwn(node.properties, segment) ? node.properties[segment] : undefined;
  return property === undefined ? [] : [property];
}

function withAlternatives(nodes: readonly SchemaNode[]): readonly SchemaNode[] {
  return nodes.flatMap((node) => [node, ...withAlternatives(node.alternatives)]);
}
