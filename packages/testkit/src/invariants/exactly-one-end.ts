import { fromOutcome, isTerminal, judgeRun, opensGate, type Received, type Topic } from '@orchestra/contracts';
import { eventsOf, inOrder, showEvent, showJob, showPush, showUnit } from './show.ts';
import type { Shown, Violation } from './violation.ts';
import type { AcceptedPush, RunFacts, WorldFacts } from './world-facts.ts';

/** I1: every accepted push has a run, every run has ended, and no unit has ended both well and badly. */
export function checkEnds(facts: WorldFacts): Violation[] {
  const events = eventsOf(facts);
  return [
    ...checkPushes(facts),
    ...facts.runs.flatMap((run) => checkEnded(run, facts)),
    ...facts.runs.flatMap((run) => checkContradictions(run, events)),
    ...checkNumbers(facts),
  ];
}

function checkPushes({ pushes, runs }: WorldFacts): Violation[] {
  const known = new Set(runs.map(({ state }) => state.runId));
  const lost = pushes
    .filter(({ runId }) => !known.has(runId))
    .map((push) => violation({ what: 'an accepted push has no run', run: push.runId, history: [showPush(push)] }));
  const first = new Map<string, AcceptedPush>();
  const doubled: Violation[] = [];
  for (const push of pushes) {
    const other = first.get(push.delivery) ?? push;
    first.set(push.delivery, other);
    if (other.runId === push.runId) continue;
    const history = [showPush(other), showPush(push)];
    doubled.push(
      violation({ what: `one delivery has two runs, the other is ${other.runId}`, run: push.runId, history }),
    );
  }
  return [...lost, ...doubled];
}

function checkEnded(run: RunFacts, { pushes }: WorldFacts): Violation[] {
  const { state, jobs } = run;
  const overall = judgeRun(state);
  if (state.endedAt !== null && overall.kind === 'ended') return [];
  const open = openUnits(run);
  const names = open.length === 0 ? 'nothing is left to do' : `${open.join(', ')} did not end`;
  const asked = pushes.filter(({ runId }) => runId === state.runId).slice(0, 1);
  const left = jobs.filter((job) => job.status !== 'done' && (job.unit === null || open.includes(job.unit)));
  const [unit] = open;
  const history = [
    ...asked.map(showPush),
    ...(unit === undefined ? [] : [showUnit(run, unit)]),
    ...left.map((job) => showJob(run, job)),
  ];
  return [violation({ what: `a run never ended: ${names}`, run: state.runId, history })];
}

function openUnits({ state }: RunFacts): string[] {
  const names = new Set([...state.plannedUnits.map(({ unit }) => unit), ...Object.keys(state.units)]);
  return [...names].filter((unit) => !isTerminal(state.units[unit]?.status ?? 'queued'));
}

// What opens a gate here and closes one there: the units that several jobs may end, rollback and deploy, are judged by the fold.
function checkContradictions({ state }: RunFacts, events: readonly Received<Topic>[]): Violation[] {
  const ends = new Map<string, { passed: boolean; event: Received<Topic> }>();
  return events.flatMap((event) => {
    const passed = event.runId === state.runId ? passedBy(event) : null;
    if (passed === null) return [];
    const key = `${event.subject} ${event.generation}`;
    const first = ends.get(key) ?? { passed, event };
    ends.set(key, first);
    if (first.passed === passed) return [];
    const history = inOrder([showEvent(first.event), showEvent(event)]);
    return [violation({ what: `${event.subject} has ended both well and badly`, run: state.runId, history })];
  });
}

function passedBy(event: Received<Topic>): boolean | null {
  const { topic, subject, data } = event;
  if (topic === subject || topic === 'rollback_event' || topic === 'deployment_triggered') return null;
  if (topic === 'observability_alert') return false;
  if ('final' in data && !data.final) return null;
  return 'outcome' in data && data.outcome !== null ? opensGate(fromOutcome(data.outcome)) : null;
}

function checkNumbers({ runs }: WorldFacts): Violation[] {
  const taken = new Map<string, RunFacts>();
  return runs.flatMap((run) => {
    const { repository, sequence, runId } = run.state;
    const key = `${repository} ${sequence}`;
    const other = taken.get(key);
    taken.set(key, run);
    if (other === undefined) return [];
    const what = `two runs of ${repository} have the number ${sequence}`;
    return [violation({ what, run: runId, history: [begun(other), begun(run)] })];
  });
}

function begun({ state }: RunFacts): Shown {
  return { at: state.createdAt, id: state.runId, what: `run ${state.sequence} began with ${state.commit}` };
}

function violation(found: Pick<Violation, 'what' | 'run' | 'history'>): Violation {
  return { invariant: 'I1', target: null, ...found };
}
