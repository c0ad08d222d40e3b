import type { Head } from '@orchestra/runtime';
import { decodeFields, decodeInstant, decodeJson } from './decode-reply.ts';

interface StoredHead {
  commit: string;
  runId?: string;
  found: boolean;
  at: number;
}

/** The heads of a repository by the name of their ref. */
export function decodeHeads(reply: unknown): Head[] {
  const heads = [...decodeFields(reply)].map(([ref, text]): Head => {
    const { commit, runId = null, found, at } = decodeJson(text) as StoredHead;
    return { ref, commit, runId, found, at: decodeInstant(at) ?? '' };
  });
  return heads.toSorted((a, b) => (a.ref < b.ref ? -1 : 1));
}
