import { comparableGitUrl } from '@orchestra/adapters/git';

/** The allow-list: which repositories may make runs, and where each is cloned from. */
export interface RepositoryList {
  entries: readonly RepositoryEntry[];
  /** Clone URL of an entry without one of its own; `{repository}` stands for owner/name. */
  template: string;
}

export interface RepositoryEntry {
  /** owner/name, or `owner/*` for all of an owner. */
  pattern: string;
  cloneUrl: string | null;
}

export interface AllowedRepository {
  repository: string;
  cloneUrl: string;
}

const fullName = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}\/[A-Za-z0-9_.][A-Za-z0-9_.-]{0,99}$/;
const entryForm = /^(?<pattern>[A-Za-z0-9_][A-Za-z0-9_.-]*\/(?:\*|[A-Za-z0-9_.][A-Za-z0-9_.-]*))(?:=(?<url>\S+))?$/;

/** Reads `owner/name`, `owner/*` or `owner/name=clone-url`; null for anything else. */
export function parseRepositoryEntry(text: string): RepositoryEntry | null {
  const { pattern, url } = entryForm.exec(text)?.groups ?? {};
  return pattern === undefined ? null : { pattern, cloneUrl: url ?? null };
}

/** The repository of this full name, if it is allowed. Its clone URL comes from the list and from nowhere else. */
export function findRepository({ entries, template }: RepositoryList, name: string): AllowedRepository | null {
  if (!fullName.test(name) || name.split('/').some((part) => part === '.' || part === '..')) return null;
  const entry = entries.find(({ pattern }) => pattern === name) ?? entries.find(({ pattern }) => covers(pattern, name));
  if (entry === undefined) return null;
  return { repository: name, cloneUrl: (entry.cloneUrl ?? template).replaceAll('{repository}', name) };
}

/** The repository that a person names by owner/name or by a git URL, if it is allowed under exactly that place. */
export function resolveRepository(list: RepositoryList, text: string): AllowedRepository | null {
  if (fullName.test(text)) return findRepository(list, text);
  const place = comparableGitUrl(text);
  if (place === null) return null;
  const named = [...list.entries.map(({ pattern }) => pattern), place.split('/').slice(-2).join('/')];
  for (const name of named) {
    const found = findRepository(list, name);
    if (found !== null && comparableGitUrl(found.cloneUrl) === place) return found;
  }
  return null;
}

function covers(pattern: string, name: string): boolean {
  return pattern.endsWith('/*') && name.startsWith(pattern.slice(0, -1));
}
