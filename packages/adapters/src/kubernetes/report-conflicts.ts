import { readRefusal } from './read-refusal.ts';
import { fieldManager } from './target-names.ts';

/** A field that somebody else manages, and has set otherwise than we would. */
export interface FieldConflict {
  field: string;
  manager: string;
}

/**
 * The fields over which server-side apply was refused; those that we wrote by other ways than apply are left out, for that
 * is a conflict with ourselves. Null: the refusal is about something else.
 *
 * @param defaults who has only filled in what an object left out; none by itself
 */
export function findConflicts(error: unknown, defaults?: string): FieldConflict[] | null {
  const conflicts = readRefusal(error)?.conflicts ?? [];
  if (conflicts.length === 0) return null;
  return conflicts
    .map(({ field, message }) => ({ field, manager: managerIn(message) }))
    .filter(({ manager }) => manager !== fieldManager && manager !== defaults);
}

// Such as: conflict with "kubectl-edit" using v1 at 2026-01-01T00:00:00Z.
function managerIn(message: string): string {
  return /conflict with "([^"]+)"/.exec(message)?.[1] ?? message;
}

/** Who manages which field of an object, in words: `.data.LEVEL is managed by kubectl-edit`. */
export function renderConflicts(conflicts: readonly FieldConflict[]): string {
  return conflicts.map(({ field, manager }) => `${field} is managed by ${manager}`).join(', ');
}

/** What to do about conflicts. */
export const conflictAdvice =
  'take these fields out of your files and leave them to their manager, or take them over once by ' +
  `\`kubectl apply --server-side --force-conflicts --field-manager=${fieldManager}\``;
