import { fromOutcome, isTerminal, type Status } from '../run-state/status.ts';
import type { Received, Topic } from '../topics.ts';
import { foldRollout } from './fold-rollout.ts';
import type { FoldedUnit } from './folded-run.ts';
import { isOf } from './is-of.ts';

/** Where each unit stands of which there is an event. `restored`: the releases that any run took back. */
export function foldUnits(
  own: readonly Received<Topic>[],
  restored: ReadonlySet<string>,
): Readonly<Record<string, FoldedUnit>> {
  const units = new Map<string, Received<Topic>[]>();
  for (const event of own.filter(movesUnit)) {
    const events = units.get(event.subject);
    if (events === undefined) units.set(event.subject, [event]);
    else events.push(event);
  }
  const folded = [...units].flatMap(([unit, events]) => {
    const found = foldUnit(events, { own, restored });
    return found === null ? [] : [[unit, found] as const];
  });
  return Object.fromEntries(folded);
}

// What moves no unit has the name of its topic as its subject: an order, an alert about a release that was restored.
function movesUnit({ topic, subject }: Received<Topic>): boolean {
  return topic !== 'operator_command' && topic !== subject;
}

interface Around {
  own: readonly Received<Topic>[];
  restored: ReadonlySet<string>;
}

// A higher generation starts again; inside of one a terminal status is written once.
function foldUnit(events: readonly Received<Topic>[], around: Around): FoldedUnit | null {
  const generation = Math.max(...events.map((event) => event.generation));
  const newest = inOrder(events.filter((event) => event.generation === generation));
  const moves = newest.filter((event) => isOf(event, 'deployment_triggered'));
  if (moves.length > 0) return foldRollout({ moves, ...around });
  const said = newest.flatMap((event) => sayOf(event, newest));
  return said.find(({ status }) => isTerminal(status)) ?? said.at(-1) ?? null;
}

// Events of one topic stand in the order of their records; those of several have only their times.
function inOrder(events: readonly Received<Topic>[]): readonly Received<Topic>[] {
  const isOneTopic = new Set(events.map(({ topic }) => topic)).size < 2;
  return isOneTopic ? events : events.toSorted((left, right) => left.time.getTime() - right.time.getTime());
}

function sayOf(event: Received<Topic>, all: readonly Received<Topic>[]): FoldedUnit[] {
  const found = statusOf(event, all);
  if (found === null) return [];
  const { id: eventId, generation, time } = event;
  return [{ ...found, generation, eventId, at: time.toISOString(), derived: false }];
}

interface Said {
  status: Status;
  reason: string | null;
}

function statusOf(event: Received<Topic>, all: readonly Received<Topic>[]): Said | null {
  if (isOf(event, 'deployment_health')) return ofHealth(event);
  if (isOf(event, 'observability_alert')) return { status: 'failure', reason: event.data.reason };
  if (isOf(event, 'rollback_event')) return ofRollback(event, all);
  return ofOutcome(event);
}

function ofHealth({ data }: Received<'deployment_health'>): Said {
  const { final, outcome, reason } = data;
  return { status: final ? fromOutcome(outcome) : 'running', reason };
}

// One that was overtaken inside of its run leaves the last word to the one that overtook it.
function ofRollback({ data }: Received<'rollback_event'>, all: readonly Received<Topic>[]): Said | null {
  const isLast = all.every((event) => !isOf(event, 'rollback_event') || event.data.reason === 'overtaken');
  if (data.reason === 'overtaken' && !isLast) return null;
  return { status: data.outcome === 'SKIPPED' ? 'not_needed' : fromOutcome(data.outcome), reason: data.reason };
}

function ofOutcome(event: Received<Topic>): Said | null {
  const { data } = event;
  if (!('outcome' in data) || data.outcome === null) return null;
  return { status: fromOutcome(data.outcome), reason: data.reason };
}
