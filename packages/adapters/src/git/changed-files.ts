/** How many lines of a file a change added and deleted; both 0 for a file that is not text. */
export interface ChangedLines {
  path: string;
  addedLines: number;
  deletedLines: number;
}

/** The arguments whose output `parseNumstat` reads: all files that differ between two commits, renames as two. */
export function numstatArguments(base: string, commit: string): string[] {
  return ['diff-tree', '-r', '-z', '--numstat', '--no-renames', '--no-ext-diff', '--no-textconv', base, commit];
}

/** Reads `git diff-tree --numstat -z`: records of added, deleted and path, ended by NUL. */
export function parseNumstat(text: string): ChangedLines[] {
  const changed: ChangedLines[] = [];
  for (const record of text.split('\0')) {
    const [added, deleted, ...path] = record.split('\t');
    if (added === undefined || deleted === undefined || path.length === 0) continue;
    changed.push({ path: path.join('\t'), addedLines: count(added), deletedLines: count(deleted) });
  }
  return changed;
}

// git writes a dash for a file that is not text.
function count(text: string): number {
  return text === '-' ? 0 : Number.parseInt(text, 10);
}
