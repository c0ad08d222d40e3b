/** The arguments whose output `parseHeads` reads: HEAD and all branches of a repository elsewhere. */
export function listHeadsArguments(url: string): string[] {
  return ['ls-remote', '--quiet', '--end-of-options', url, 'HEAD', 'refs/heads/*'];
}

const line = /^(?<commit>[0-9a-f]{40}|[0-9a-f]{64})\t(?<ref>HEAD|refs\/heads\/\S+)$/;

/** Reads `git ls-remote`: the commit of each ref. Other refs and lines of another form are left out. */
export function parseHeads(text: string): Map<string, string> {
  const heads = new Map<string, string>();
  for (const each of text.split('\n')) {
    const { commit, ref } = line.exec(each)?.groups ?? {};
    if (commit !== undefined && ref !== undefined) heads.set(ref, commit);
  }
  return heads;
}
