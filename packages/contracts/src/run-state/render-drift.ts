import type { Drift } from '../target/target.ts';

/** What somebody else has changed of a release in a cluster, in lines for people. Names in them are foreign text. */
export function renderDrift({ changes, seenAt }: Drift): string[] {
  return changes.map(({ object, field, manager, at }) => {
    if (field === null) return `${object} is gone, seen at ${seenAt}`;
    const by = manager === null ? 'by somebody' : `by ${manager}`;
    return `${object}: ${field} was changed ${by}${at === null ? `, seen at ${seenAt}` : ` at ${at}`}`;
  });
}
