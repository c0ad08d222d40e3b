import { attributeEffects } from './attribute-effects.ts';
import { inOrder, showEffect } from './show.ts';
import type { Shown, Violation } from './violation.ts';
import type { Effect, EffectKind, PostedMessage, WorldFacts } from './world-facts.ts';

// A claim and a commit status say again what is so already, and what was retired stays so: they cannot be done twice.
const counted: readonly EffectKind[] = ['image_push', 'apply', 'deploy_step', 'return', 'rollback', 'message'];

/**
 * I2: each side effect once for each run, unit and generation. A step of a rollout has its own key; the same move, known by
 * its epoch, may be applied again, and what found the world as it should be was no effect.
 */
export function checkEffects(facts: WorldFacts): Violation[] {
  return [...checkLedger(facts), ...checkMessages(facts)];
}

function checkLedger(facts: WorldFacts): Violation[] {
  const changes = attributeEffects(facts).filter(({ kind, changed }) => changed && counted.includes(kind));
  return groupsOf(changes, nameOf).flatMap((same) => {
    const moves = groupsOf(same, ({ epoch }, index) => (epoch === null ? `alone ${index}` : `epoch ${epoch}`));
    const [first, second] = moves.flatMap((move) => move.slice(0, 1));
    if (first === undefined || second === undefined) return [];
    const { kind, key, run, target } = second;
    const what = `${kind} ${key} happened ${moves.length} times`;
    return [{ invariant: 'I2', what, run, target, history: inOrder([showEffect(first), showEffect(second)]) }];
  });
}

// A move that was never told of is the same only as itself, by its epoch.
function nameOf({ kind, run, unit, generation, target, epoch, key }: Effect): string {
  return JSON.stringify([kind, run ?? epoch, unit, generation, target, key]);
}

function checkMessages({ messages }: WorldFacts): Violation[] {
  return groupsOf(messages, placeOf).flatMap(([first, second]) => {
    if (first === undefined || second === undefined) return [];
    const what = `a message about ${second.key} was posted twice in ${second.channel}`;
    return [{ invariant: 'I2', what, run: second.run, target: null, history: [posted(first), posted(second)] }];
  });
}

function placeOf({ channel, thread, key }: PostedMessage): string {
  return JSON.stringify([channel, thread, key]);
}

function posted({ at, ts, text, channel }: PostedMessage): Shown {
  return { at, id: ts, what: `posted in ${channel}: ${text.split('\n')[0]?.slice(0, 80) ?? ''}` };
}

function groupsOf<E>(entries: readonly E[], name: (entry: E, index: number) => string): E[][] {
  const groups = new Map<string, E[]>();
  for (const [index, entry] of entries.entries()) {
    const key = name(entry, index);
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return [...groups.values()];
}
