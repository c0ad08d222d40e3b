import type { ChangedFile, Finding } from '@orchestra/contracts';

export interface Summary {
  /** The worst first, then by place; at most 200. */
  shown: readonly Finding[];
  allFindings: number;
  /** In files that the push changed; all of them where that is not known. */
  newFindings: number;
  errors: number;
  warnings: number;
}

const maxShown = 200;
const order = ['error', 'warning', 'note'] as const;

/** Counts findings and chooses those that people see. */
export function decideSummary(findings: readonly Finding[], changedFiles: readonly ChangedFile[] | null): Summary {
  const changed = changedFiles === null ? null : new Set(changedFiles.map(({ path }) => path));
  const count = (severity: Finding['severity']): number => findings.filter((each) => each.severity === severity).length;
  return {
    shown: findings.toSorted(byWeight).slice(0, maxShown),
    allFindings: findings.length,
    newFindings: changed === null ? findings.length : findings.filter(({ path }) => changed.has(path)).length,
    errors: count('error'),
    warnings: count('warning'),
  };
}

function byWeight(left: Finding, right: Finding): number {
  const weight = order.indexOf(left.severity) - order.indexOf(right.severity);
  if (weight !== 0) return weight;
  if (left.path !== right.path) return left.path < right.path ? -1 : 1;
  return (left.line ?? 0) - (right.line ?? 0);
}
