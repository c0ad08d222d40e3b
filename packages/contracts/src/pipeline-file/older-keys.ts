import { lastKey, type KeyPath, type Remark } from './remark.ts';
import { schemaTree, type SchemaNode } from './schema-tree.ts';

/** A warning for every key and word of older files: understood, and what to write now. */
export function remarkOlderKeys(value: unknown): Remark[] {
  return [...walk({ value, nodes: [schemaTree()], path: [] })];
}

interface Walk {
  value: unknown;
  nodes: readonly SchemaNode[];
  path: KeyPath;
}

function* walk({ value, nodes, path }: Walk): Generator<Remark> {
  const forms = nodes.flatMap((node) => [node, ...node.alternatives]).filter((node) => fits(node, value));
  yield* remarkForm({ value, nodes: forms, path });
  if (Array.isArray(value)) {
    const elements = forms.flatMap((node) => (node.elements === null ? [] : [node.elements]));
    for (const [index, entry] of value.entries())
      yield* walk({ value: entry, nodes: elements, path: [...path, index] });
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, entry] of Object.entries(value)) {
      const children = forms.flatMap((node) => (Object.hasOwn(node.properties, key) ? [node.properties[key]] : []));
      yield* walk({ value: entry, nodes: children.filter((node) => node !== undefined), path: [...path, key] });
    }
  }
}

function fits(node: SchemaNode, value: unknown): boolean {
  if (Array.isArray(value)) return node.kind === 'array' || node.alternatives.length > 0;
  if (typeof value === 'object') return node.kind === 'object' || node.alternatives.length > 0;
  return true;
}

function* remarkForm({ value, nodes, path }: Walk): Generator<Remark> {
  const advice = nodes.find(({ olderAdvice }) => olderAdvice !== null)?.olderAdvice;
  if (advice !== undefined && advice !== null) yield olderKey(path, advice);
  if (typeof value !== 'string') return;
  const now = nodes
    .map(({ olderWords }) => (Object.hasOwn(olderWords, value) ? olderWords[value] : undefined))
    .find(Boolean);
  if (now !== undefined) {
    yield { path, at: 'value', message: `\`${value}\` is an older word`, suggestion: `Write \`${now}\`.` };
  }
}

function olderKey(path: KeyPath, advice: string): Remark {
  const [, reason, instead] = /^Has no effect: ([^.]*)\. (.*)$/.exec(advice) ?? [];
  const shown = lastKey(path);
  return {
    path,
    at: 'key',
    message: reason === undefined ? `\`${shown}\` is an older form` : `\`${shown}\` has no effect: ${reason}`,
    suggestion: instead ?? advice,
  };
}
