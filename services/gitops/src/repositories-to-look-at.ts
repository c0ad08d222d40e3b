import type { ServiceStore } from '@orchestra/runtime';
import { findRepository, type AllowedRepository, type RepositoryList } from './repositories.ts';

const pages = 5;
const pageSize = 100;

/** The repositories that the list names, and those of an `owner/*` that the newest 500 runs are of. */
export async function listRepositories(
  list: RepositoryList,
  store: Pick<ServiceStore, 'listRuns'>,
): Promise<AllowedRepository[]> {
  const named = list.entries.map(({ pattern }) => pattern).filter((pattern) => !pattern.endsWith('/*'));
  const hasOwners = named.length < list.entries.length;
  const names = new Set([...named, ...(hasOwners ? await readNames(store) : [])]);
  return [...names].flatMap((name) => findRepository(list, name) ?? []);
}

async function readNames(store: Pick<ServiceStore, 'listRuns'>): Promise<string[]> {
  const names: string[] = [];
  let before: string | null = null;
  for (let page = 0; page < pages; page += 1) {
    const runs = await store.listRuns({ repository: null, limit: pageSize, before });
    names.push(...runs.map(({ repository }) => repository));
    before = runs.at(-1)?.runId ?? null;
    if (runs.length < pageSize) break;
  }
  return names;
}
