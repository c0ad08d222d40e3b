import type { WishKind } from '../run-state/run.ts';
import type { Received, Topic } from '../topics.ts';
import { foldIdentity } from './fold-identity.ts';
import { foldSlices } from './fold-slices.ts';
import { foldUnits } from './fold-units.ts';
import type { FoldedRun, FoldedUnit } from './folded-run.ts';
import { findRestored } from './find-restored.ts';

/**
 * Folds the events of the topics into the state of the runs that they are of, without running any handler. Pure: the same
 * events give the same runs. An event that came twice counts once, and one without a run not at all. The events of one topic
 * have to stand in the order of their records; between topics any order will do.
 */
export function foldEvents(events: readonly Received<Topic>[]): FoldedRun[] {
  const runs = groupByRun(events);
  const restored = findRestored(runs);
  return [...runs].map(([runId, own]) => foldRun({ runId, own, restored }));
}

function groupByRun(events: readonly Received<Topic>[]): Map<string, Received<Topic>[]> {
  const runs = new Map<string, Received<Topic>[]>();
  const known = new Set<string>();
  for (const event of events) {
    if (event.runId === '' || known.has(event.id)) continue;
    known.add(event.id);
    const own = runs.get(event.runId);
    if (own === undefined) runs.set(event.runId, [event]);
    else own.push(event);
  }
  return runs;
}

interface Folding {
  runId: string;
  own: readonly Received<Topic>[];
  restored: ReadonlySet<string>;
}

function foldRun({ runId, own, restored }: Folding): FoldedRun {
  const units = foldUnits(own, restored);
  const generation = Math.max(1, ...own.map((event) => event.generation));
  return {
    runId,
    identity: foldIdentity(own),
    generation,
    units,
    wishes: wishesOf(Object.values(units), generation),
    slices: foldSlices(own),
    seen: own.map(({ id: eventId, topic, source, subject, generation: of }) => ({
      eventId,
      topic,
      source,
      subject,
      generation: of,
    })),
  };
}

const told: Readonly<Record<string, WishKind>> = {
  cancelled_by_person: 'cancel',
  superseded: 'superseded',
  run_deadline: 'deadline',
};

// Wishes have no topic of their own, but whoever obeyed one gave it as the reason.
function wishesOf(units: readonly FoldedUnit[], generation: number): WishKind[] {
  const newest = units.filter((unit) => unit.generation === generation);
  const found = newest.flatMap(({ reason }) => (reason === null ? [] : (told[reason] ?? [])));
  return [...new Set(found)];
}
