import type { Actor } from './actor.ts';
import type { Random } from './random.ts';

/** Something that will happen. */
export interface Pending {
  dueMs: number;
  /** Drawn: what is due at the same time happens in an order of the seed. */
  tie: number;
  /** Whose code runs; null: the world's. */
  owner: Actor | null;
  fire: (() => void) | null;
}

/** Virtual time. Nothing in the simulation waits for anything but this and for what is settled already. */
export interface Timeline {
  nowMs(): number;
  /** Lets something happen after a while. A dead owner's never happens, a standing one's happens when it goes on. */
  after(delayMs: number, owner: Actor | null, fire: () => void): Pending;
  cancel(pending: Pending): void;
  /** Goes on until a time, or until `isOver` says so after something happened. */
  run(untilMs: number, isOver?: () => boolean): Promise<void>;
}

/** Creates a timeline that begins at 0. */
export function createTimeline(random: Random): Timeline {
  const heap: Pending[] = [];
  let nowMs = 0;
  return {
    nowMs: () => nowMs,
    after(delayMs, owner, fire) {
      const pending = { dueMs: nowMs + Math.max(0, delayMs), tie: random.next(), owner, fire };
      push(heap, pending);
      return pending;
    },
    cancel(pending) {
      pending.fire = null;
    },
    run: (untilMs, isOver = () => false) => inTurns(() => fireNext(untilMs) && !isOver()),
  };

  /** False: nothing is due until then. */
  function fireNext(untilMs: number): boolean {
    for (;;) {
      const next = heap[0];
      if (next === undefined || next.dueMs > untilMs) {
        nowMs = Math.max(nowMs, untilMs);
        return false;
      }
      pop(heap);
      const { owner, fire } = next;
      if (fire === null || owner?.alive === false) continue;
      if (owner !== null && owner.resumesAtMs > next.dueMs) {
        next.dueMs = owner.resumesAtMs;
        push(heap, next);
        continue;
      }
      nowMs = Math.max(nowMs, next.dueMs);
      fire();
      return true;
    }
  }
}

const eventsPerTurn = 32;

/** Repeats a step until it says false. Whatever it sets off is settled before the next one. */
function inTurns(step: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let goesOn = true;
    // Between two callbacks of one turn Node settles everything that waits for no time; a turn of its own for each event
    // would cost more than most events do.
    function turn(): void {
      for (let left = eventsPerTurn - 1; left >= 0; left -= 1) setImmediate(stepOnce, left === 0);
    }
    function stepOnce(isLast: boolean): void {
      try {
        goesOn &&= step();
      } catch (error) {
        goesOn = false;
        reject(error);
      }
      if (isLast) next();
    }
    function next(): void {
      if (goesOn) turn();
      else resolve();
    }
    turn();
  });
}

function isBefore(left: Pending, right: Pending): boolean {
  return left.dueMs < right.dueMs || (left.dueMs === right.dueMs && left.tie < right.tie);
}

function push(heap: Pending[], pending: Pending): void {
  let at = heap.length;
  while (at > 0) {
    const parentAt = (at - 1) >> 1;
    const parent = heap[parentAt];
    if (parent === undefined || !isBefore(pending, parent)) break;
    heap[at] = parent;
    at = parentAt;
  }
  heap[at] = pending;
}

function pop(heap: Pending[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    const child = smallerChild(heap, at);
    if (child === null || !isBefore(child.pending, last)) break;
    heap[at] = child.pending;
    at = child.at;
  }
  heap[at] = last;
}

function smallerChild(heap: readonly Pending[], at: number): { at: number; pending: Pending } | null {
  const left = heap[2 * at + 1];
  const right = heap[2 * at + 2];
  if (left === undefined) return null;
  if (right !== undefined && isBefore(right, left)) return { at: 2 * at + 2, pending: right };
  return { at: 2 * at + 1, pending: left };
}
