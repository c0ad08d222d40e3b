import { isDeepStrictEqual } from 'node:util';
import {
  foldEvents,
  isTerminal,
  type FoldedRun,
  type FoldedUnit,
  type Received,
  type Topic,
  type UnitState,
} from '@orchestra/contracts';
import { eventsOf, inOrder, showEvent, showUnit } from './show.ts';
import type { Shown, Violation } from './violation.ts';
import type { RunFacts, WorldFacts } from './world-facts.ts';

/** I5: the folded part of each run's state is what the fold of its events says. Where a unit stands before its end is free. */
export function checkState(facts: WorldFacts): Violation[] {
  const events = eventsOf(facts);
  const folded = new Map(foldEvents(events).map((run) => [run.runId, run]));
  return facts.runs.flatMap((run) => {
    const fold = folded.get(run.state.runId) ?? null;
    if (fold === null) return checkSilent(run);
    const compared = { run, fold, events: new Map(events.map((event) => [event.id, event])) };
    return [...checkUnits(compared), ...checkGeneration(compared), ...checkSlices(compared)];
  });
}

// A push that is not one which runs says nothing: nobody has to hear of it.
function checkSilent(run: RunFacts): Violation[] {
  const told = Object.entries(run.state.units).filter(([unit, { status }]) => unit !== 'gitops' && isTerminal(status));
  return told.map(([unit]) => violation(run, `${unit} has ended, and no event says so`, [showUnit(run, unit)]));
}

interface Compared {
  run: RunFacts;
  fold: FoldedRun;
  events: ReadonlyMap<string, Received<Topic>>;
}

function checkUnits({ run, fold, events }: Compared): Violation[] {
  const names = new Set([...Object.keys(fold.units), ...Object.keys(run.state.units)]);
  return [...names].flatMap((unit) => {
    const said = fold.units[unit] ?? null;
    const difference = differenceOf(run, unit, said);
    if (difference === null) return [];
    const event = said === null ? undefined : events.get(said.eventId);
    const history = inOrder([...(event === undefined ? [] : [showEvent(event)]), showUnit(run, unit)]);
    return [violation(run, `${unit}: ${difference}`, history)];
  });
}

function differenceOf({ state }: RunFacts, unit: string, said: FoldedUnit | null): string | null {
  const stored = state.units[unit] ?? null;
  const end = said !== null && isTerminal(said.status) ? said : null;
  if (stored === null || !isTerminal(stored.status)) return end === null ? null : unheard(stored, end);
  if (isSilentEnd(stored, said)) return null;
  return end === null ? 'no event says that it ended' : differs(stored, end);
}

function differs(stored: UnitState, { status, generation, reason }: FoldedUnit): string | null {
  if (stored.generation !== generation) return `its events say generation ${generation}`;
  return stored.status === status ? null : `its events say ${status} (${reason ?? 'no reason'})`;
}

// A retry makes a unit anew before any event of the new generation says so.
function unheard(stored: UnitState | null, { generation, status }: FoldedUnit): string | null {
  return stored !== null && stored.generation > generation ? null : `its events say ${status}`;
}

// Deploy's wait for the end of a watch publishes nothing when it cannot be done: the watch itself has spoken, or will not.
function isSilentEnd({ status }: UnitState, said: FoldedUnit | null): boolean {
  if (said === null || (status !== 'error' && status !== 'timed_out')) return false;
  return said.derived || said.reason === 'watching';
}

function checkGeneration({ run, fold }: Compared): Violation[] {
  if (run.state.generation >= fold.generation) return [];
  const what = `the store is in generation ${run.state.generation}, its events in ${fold.generation}`;
  return [violation(run, what, [])];
}

function checkSlices({ run, fold, events }: Compared): Violation[] {
  const stored = run.state.slices;
  const pairs = [
    { unit: 'gitops', is: digests(stored.gitops.source), says: digests(fold.slices.gitops.source) },
    { unit: 'build', is: stored.build.result?.artifacts, says: fold.slices.build.result?.artifacts },
  ];
  return pairs
    .filter(({ is, says }) => says !== undefined && !isDeepStrictEqual(plain(is), plain(says)))
    .map(({ unit }) => {
      const event = events.get(fold.units[unit]?.eventId ?? '');
      return violation(
        run,
        `the slice of ${unit} is not what its event says`,
        event === undefined ? [] : [showEvent(event)],
      );
    });
}

// What Avro decodes has prototypes of its own, and what a store reads has those of JSON.
function plain(value: object | undefined): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

interface Digests {
  planDigest: string | null;
  snapshotDigest: string | null;
}

// A run that was given up before its source was read has none.
function digests(source: Digests | undefined): Digests | undefined {
  if (source === undefined || source.planDigest === null) return undefined;
  const { planDigest, snapshotDigest } = source;
  return { planDigest, snapshotDigest };
}

function violation({ state }: RunFacts, what: string, history: readonly Shown[]): Violation {
  return { invariant: 'I5', what, run: state.runId, target: null, history };
}
