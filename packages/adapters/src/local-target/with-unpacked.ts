import { OrchestraError } from '@orchestra/runtime';

const maxTries = 3;

/**
 * Uses an unpacked folder. It may be cleared away between unpacking and use, as long as no release names it; then it is
 * unpacked once more.
 *
 * @param use throws OrchestraError `ARTIFACT_MISSING` when the folder is not there
 * @throws what `unpack` and `use` throw
 */
export async function withUnpacked<T>(unpack: () => Promise<string>, use: (folder: string) => Promise<T>): Promise<T> {
  for (let tries = 1; tries < maxTries; tries += 1) {
    const used = await use(await unpack()).catch(asMissing);
    if (used !== missing) return used;
  }
  return use(await unpack());
}

const missing = Symbol('missing');

function asMissing(error: unknown): typeof missing {
  if (error instanceof OrchestraError && error.code === 'ARTIFACT_MISSING') return missing;
  throw error;
}
