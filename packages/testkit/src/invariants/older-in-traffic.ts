import { isOlder, type ReleaseOwner } from './release-owners.ts';
import { inOrder, showEffect } from './show.ts';
import type { Violation } from './violation.ts';
import type { Effect } from './world-facts.ts';

interface Traffic {
  target: string;
  /** What moved traffic there, in the order of the ledger. */
  moves: readonly Effect[];
  /** By `<target> <release>`. */
  owners: ReadonlyMap<string, ReleaseOwner>;
}

/** The steps of rollouts that gave an older commit more traffic while a newer one had some. */
export function checkTraffic({ target, moves, owners }: Traffic): Violation[] {
  return moves.flatMap((effect, index): Violation[] => {
    if (effect.kind !== 'deploy_step') return [];
    const before = moves.slice(0, index);
    const pair = findPair(effect, before.at(-1)?.weights ?? {}, (release) => owners.get(`${target} ${release}`));
    if (pair === null) return [];
    const newer = before.find(({ weights }) => (weights?.[pair.newer] ?? 0) > 0) ?? effect;
    const what = `${pair.older} of an older commit got traffic beside ${pair.newer}`;
    return [
      { invariant: 'I3', what, run: effect.run, target, history: inOrder([showEffect(newer), showEffect(effect)]) },
    ];
  });
}

type Owner = (release: string) => ReleaseOwner | undefined;

// A canary shares the traffic with what serves, and takes more of it: that is the other way round.
function findPair(
  { weights }: Effect,
  serving: Readonly<Record<string, number>>,
  ownerOf: Owner,
): { older: string; newer: string } | null {
  const gaining = Object.entries(weights ?? {}).filter(([release, weight]) => weight > (serving[release] ?? 0));
  const served = Object.keys(serving).filter((release) => (serving[release] ?? 0) > 0);
  for (const [older] of gaining) {
    const owner = ownerOf(older);
    const newer = served.find((other) => other !== older && isUnder(owner, ownerOf(other)));
    if (newer !== undefined) return { older, newer };
  }
  return null;
}

function isUnder(owner: ReleaseOwner | undefined, other: ReleaseOwner | undefined): boolean {
  return owner !== undefined && other !== undefined && !owner.byPerson && isOlder(owner, other);
}
