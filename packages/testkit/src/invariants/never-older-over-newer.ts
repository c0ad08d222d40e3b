import { attributeEffects } from './attribute-effects.ts';
import { checkTraffic } from './older-in-traffic.ts';
import { isOlder, releaseOwners } from './release-owners.ts';
import { eventsOf, showEffect, showEvent } from './show.ts';
import type { Shown, Violation } from './violation.ts';
import type { Effect, TargetFacts, WorldFacts } from './world-facts.ts';

/**
 * I3: no step of a rollout brings an older commit where a newer one has traffic, no older move is written after a newer one,
 * and what a target remembers as released rises. What a person or a rollback did may go against the order.
 */
export function checkOrder(facts: WorldFacts): Violation[] {
  const effects = attributeEffects(facts);
  const owners = releaseOwners(facts);
  const keys = new Set([...effects.flatMap(({ target }) => target ?? []), ...facts.targets.map(({ key }) => key)]);
  return [...keys].flatMap((key) => {
    const own = effects.filter(({ target }) => target === key);
    return [
      ...checkEpochs(key, own),
      ...checkTraffic({ target: key, moves: own.filter(({ weights }) => weights !== null), owners }),
      ...checkReleases(facts.targets.find((one) => one.key === key) ?? null, facts),
    ];
  });
}

function checkEpochs(target: string, own: readonly Effect[]): Violation[] {
  const moves = own.filter(({ epoch, changed }) => epoch !== null && changed);
  return moves.flatMap((effect, index) => {
    const newer = moves.slice(0, index).find(({ epoch }) => (epoch ?? 0) > (effect.epoch ?? 0));
    if (newer === undefined) return [];
    const history = [showEffect(newer), showEffect(effect)];
    return [{ invariant: 'I3', what: 'an older move was written over a newer one', run: effect.run, target, history }];
  });
}

function checkReleases(facts: TargetFacts | null, world: WorldFacts): Violation[] {
  if (facts === null) return [];
  const { history, rollbacks } = facts.target;
  return history.flatMap((release, index): Violation[] => {
    const before = history[index - 1];
    if (before === undefined || release.byPerson || !isOlder(release, before)) return [];
    const between = (at: string): boolean => before.releasedAt <= at && at <= release.releasedAt;
    if (rollbacks.some(({ from, at }) => from === before.release && between(at))) return [];
    if (resolvedAt(facts, world).some(between)) return [];
    const line = (one: typeof release): Shown => released(one, facts.key, world);
    const what = `${release.release} of an older commit was released over ${before.release}`;
    return [{ invariant: 'I3', what, run: release.runId, target: facts.key, history: [line(before), line(release)] }];
  });
}

// A person who has looked says what serves, and that may be older than what was released last.
function resolvedAt({ target }: TargetFacts, world: WorldFacts): string[] {
  return eventsOf(world).flatMap(({ data, time }) => {
    if (!('action' in data) || data.action !== 'RESOLVE') return [];
    const isHere = data.environment === target.environment && data.service === target.service;
    return isHere && data.repository === target.repository ? [time.toISOString()] : [];
  });
}

function released(
  { release, runId, sequence, releasedAt }: TargetFacts['target']['history'][number],
  key: string,
  world: WorldFacts,
): Shown {
  const event = eventsOf(world).find(
    ({ data, runId: of }) => of === runId && 'phase' in data && data.phase === 'RELEASED' && data.release === release,
  );
  const what = `${release} of run ${sequence} was released to ${key}`;
  return event === undefined ? { at: releasedAt, id: runId, what } : { ...showEvent(event), what };
}
