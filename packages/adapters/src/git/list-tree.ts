/** One entry of a commit's tree. A link, a submodule and a file are told apart by `kind`. */
export interface TreeEntry {
  path: string;
  kind: 'file' | 'link' | 'submodule';
  objectId: string;
  /** 0 for a submodule. */
  sizeBytes: number;
}

/** The arguments whose output `parseTree` reads. */
export function listTreeArguments(commit: string): string[] {
  return ['ls-tree', '-r', '-l', '-z', '--full-tree', commit];
}

const record = /^(?<mode>[0-7]{6}) [a-z]+ (?<id>[0-9a-f]+) +(?<size>-|[0-9]+)\t(?<path>[^]+)$/;

/** Reads `git ls-tree -r -l -z`. Records of another form are left out. */
export function parseTree(text: string): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (const line of text.split('\0')) {
    const groups = record.exec(line)?.groups;
    const { mode, id, size, path } = groups ?? {};
    if (mode === undefined || id === undefined || size === undefined || path === undefined) continue;
    entries.push({ path, kind: kindOf(mode), objectId: id, sizeBytes: size === '-' ? 0 : Number.parseInt(size, 10) });
  }
  return entries;
}

function kindOf(mode: string): TreeEntry['kind'] {
  if (mode === '120000') return 'link';
  return mode === '160000' ? 'submodule' : 'file';
}
