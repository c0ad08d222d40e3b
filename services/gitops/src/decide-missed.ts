import type { Head } from '@orchestra/runtime';

/** What a look at a repository leads to: a push that nobody told of, or a note of where a ref stands. */
export interface HeadChange {
  kind: 'missed' | 'note';
  ref: string;
  /** Where the ref stands as far as is known; null: nothing is known of it. */
  expected: string | null;
  /** Where it was found; null: it is gone. */
  commit: string | null;
}

/** That HEAD is known says that the repository was looked at before. An empty repository has none, but was looked at. */
const firstLook = 'HEAD';
const nowhere = '0'.repeat(40);

/**
 * Compares where the branches stand with what is known. The first look ever takes everything as it is: what was pushed
 * before the platform was there is not its business.
 */
export function decideMissed(known: readonly Head[], found: ReadonlyMap<string, string>): HeadChange[] {
  const standing = new Map(known.map(({ ref, commit }) => [ref, commit]));
  const branches = [...found].filter(([ref]) => ref !== firstLook);
  if (!standing.has(firstLook)) return begin(branches, standing, found.get(firstLook) ?? nowhere);

  const moved = branches.flatMap(([ref, commit]): HeadChange[] => {
    const expected = standing.get(ref) ?? null;
    return expected === commit ? [] : [{ kind: 'missed', ref, expected, commit }];
  });
  const gone = [...standing].flatMap(([ref, expected]): HeadChange[] =>
    ref === firstLook || found.has(ref) ? [] : [{ kind: 'note', ref, expected, commit: null }],
  );
  return [...moved, ...gone];
}

// HEAD comes last: a look that is cut off before it is still the first one.
function begin(
  branches: readonly (readonly [string, string])[],
  standing: ReadonlyMap<string, string>,
  head: string,
): HeadChange[] {
  const unknown = branches.filter(([ref]) => !standing.has(ref));
  const noted: [string, string][] = [
    ...unknown.map(([ref, commit]): [string, string] => [ref, commit]),
    [firstLook, head],
  ];
  return noted.map(([ref, commit]) => ({ kind: 'note', ref, expected: null, commit }));
}

/** When a repository was looked at first, ISO 8601; null: never. */
export function firstLookAt(known: readonly Head[]): string | null {
  return known.find(({ ref }) => ref === firstLook)?.at ?? null;
}
