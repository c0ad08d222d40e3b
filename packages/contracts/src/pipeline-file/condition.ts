import { listedStages, type ListedStage } from './stages.ts';
import type { PipelineFile } from './schema.ts';

/** What the condition of an older stage asks for. */
export type Condition = { kind: 'always' } | { kind: 'branches'; branches: readonly string[] } | { kind: 'other' };

const always = new Set(['always', 'true', 'success', 'on_success', 'success()', 'always()']);
const branchWord = /^(?:branch|ref|git\.branch)\s*(?:==|=|in)\s*(.+)$/;
const nameList = /^\[?\s*(["']?[\w./*-]+["']?(?:\s*,\s*["']?[\w./*-]+["']?)*)\s*\]?$/;

/** Reads the few conditions that have a meaning here: none at all, and being on certain branches. */
export function readCondition(text: string): Condition {
  const trimmed = text.trim();
  if (always.has(trimmed)) return { kind: 'always' };
  const names = nameList.exec(branchWord.exec(trimmed)?.[1] ?? '')?.[1];
  if (names === undefined) return { kind: 'other' };
  return { kind: 'branches', branches: names.split(',').map((name) => name.trim().replace(/^["']|["']$/g, '')) };
}

/** Stages that change the world: their conditions may be made stricter, and are never ignored. */
export function isEffectStage({ name }: ListedStage): boolean {
  return name === 'deploy' || name === 'infrastructure';
}

/**
 * The branches that older conditions limit the whole run to; null without such a condition.
 * Several conditions leave only what all of them allow.
 */
export function conditionBranches(file: Pick<PipelineFile, 'pipeline'>): readonly string[] | null {
  const lists = (listedStages(file) ?? [])
    .filter((stage) => isEffectStage(stage))
    .map(({ condition }) => readCondition(condition ?? 'always'))
    .flatMap((condition) => (condition.kind === 'branches' ? [condition.branches] : []));
  const [first, ...others] = lists;
  if (first === undefined) return null;
  return first.filter((branch) => others.every((list) => list.includes(branch)));
}
