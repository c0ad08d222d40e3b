import { isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import type { KeyPath, Remark } from './remark.ts';

/** A position in the file, from 1. */
export interface Place {
  line: number;
  column: number;
}

/**
 * The offset into the text that a remark is about. Where its place does not exist (a missing key), it is
 * that of the nearest key above.
 */
export function findOffset(root: unknown, { path, at }: Pick<Remark, 'path' | 'at'>): number {
  let offset = offsetOf(root);
  let node = root;
  for (const [index, segment] of path.entries()) {
    const next = step(node, segment);
    if (next === null) return offset;
    const missing = index < path.length - 1 && step(next.value, path[index + 1] ?? '') === null;
    offset = at === 'key' || missing ? next.key : next.own;
    node = next.value;
  }
  return offset;
}

interface Step {
  /** Where the key stands; for an entry of a list, the entry. */
  key: number;
  /** Where the value stands; where there is none, the key. */
  own: number;
  value: unknown;
}

function step(node: unknown, segment: KeyPath[number]): Step | null {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => keyText(key) === String(segment));
    return pair === undefined ? null : pairStep(pair);
  }
  if (!isSeq(node) || typeof segment !== 'number') return null;
  const value = node.items[segment];
  return value === undefined ? null : { key: offsetOf(value), own: offsetOf(value), value };
}

function pairStep({ key, value }: Pair): Step {
  const start = offsetOf(key);
  const isEmpty = value === null || (isScalar(value) && value.value === null);
  return { key: start, own: isEmpty ? start : offsetOf(value), value };
}

function keyText(key: unknown): string | null {
  return isScalar(key) ? String(key.value) : null;
}

function offsetOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

function isNode(node: unknown): node is Node {
  return isMap(node) || isSeq(node) || isScalar(node);
}
