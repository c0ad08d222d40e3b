export { createGit, type FetchRequest, type Git, type GitOptions } from './create-git.ts';
export { checkPatch } from './check-patch.ts';
export type { ChangedLines } from './changed-files.ts';
export type { CommitCopy } from './fetch-commit.ts';
export type { GitCredentials } from './git-environment.ts';
export { checkGitUrl, comparableGitUrl, type GitAllowance } from './git-url.ts';
export type { TreeEntry } from './list-tree.ts';
