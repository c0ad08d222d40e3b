/** What the author of a commit says about it. */
export interface CommitLabels {
  /** `Schema-Migration: yes` */
  schemaMigration: boolean;
  /** `Config-Change: yes` */
  configurationChange: boolean;
}

/**
 * Reads the labels of a commit: lines of its message such as git's trailers, wherever they stand, for a squashed pull request
 * has its text above others.
 *
 * @param message as it is kept: the first 1000 characters; null: it is not known
 */
export function readLabels(message: string | null): CommitLabels {
  const lines = (message ?? '').split(/\r?\n/).map((line) => line.trim().toLowerCase());
  const says = (name: string): boolean => lines.some((line) => line.replace(/\s*:\s*/, ': ') === `${name}: yes`);
  return { schemaMigration: says('schema-migration'), configurationChange: says('config-change') };
}
