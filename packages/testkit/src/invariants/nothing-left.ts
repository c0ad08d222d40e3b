import type { Target } from '@orchestra/contracts';
import { eventsOf, showEnd, showEvent, showJob } from './show.ts';
import type { Shown, Violation } from './violation.ts';
import type { RunFacts, TargetFacts, WorldFacts } from './world-facts.ts';

/**
 * I4: nothing outlives the end of its run: no process, workspace, lease, timer or lock. A timer that stands for no unit, as the
 * deadline and the watch over what was restored, ends by itself when it is due.
 */
export function checkLeftovers(facts: WorldFacts): Violation[] {
  return [
    ...facts.leftovers.map(({ kind, name, run }) => violation({ what: `a ${kind} is left: ${name}`, run }, [])),
    ...facts.runs.flatMap((run) => checkJobs(run)),
    ...checkLeases(facts),
    ...facts.targets.flatMap((target) => checkLocks(target, facts)),
  ];
}

function checkJobs(run: RunFacts): Violation[] {
  if (run.state.endedAt === null) return [];
  const left = run.jobs.filter(({ status }) => status === 'running' || status === 'parked');
  return left
    .filter(({ status, unit, dueAt }) => status === 'running' || unit !== null || dueAt === null)
    .map((job) => {
      const kind = job.status === 'running' ? 'lease' : 'timer';
      const what = `a ${kind} is left: ${job.service} has a ${job.handler} job of a run that has ended`;
      return violation({ what, run: run.state.runId }, [showEnd(run), showJob(run, job)]);
    });
}

// Of jobs without a run the store tells only how many are held.
function checkLeases({ queues, runs }: WorldFacts): Violation[] {
  const held = runs.flatMap(({ jobs }) => jobs.filter(({ status }) => status === 'running'));
  return queues.flatMap(({ service, leased }) => {
    const known = held.filter((job) => job.service === service).length;
    if (leased <= known) return [];
    return [
      violation({ what: `${leased - known} leases of ${service} are left, of jobs without a run`, run: null }, []),
    ];
  });
}

// A blocked target keeps what it is blocked in until a person has looked.
function checkLocks({ key, target }: TargetFacts, facts: WorldFacts): Violation[] {
  if (target.blocked !== null) return [];
  const ended = new Map(facts.runs.filter(({ state }) => state.endedAt !== null).map((run) => [run.state.runId, run]));
  return locksOf(target).flatMap(({ what, runId }) => {
    const run = ended.get(runId);
    if (run === undefined) return [];
    const found = { invariant: 'I4', what: `a lock is left: ${what} has a run that has ended`, run: runId } as const;
    return [{ ...found, target: key, history: [...lastMoveOf(runId, target, facts), showEnd(run)] }];
  });
}

function locksOf({ lane, seizure, waiters }: Target): { what: string; runId: string }[] {
  return [
    ...(lane === null ? [] : [{ what: `the lane, with ${lane.release},`, runId: lane.runId }]),
    ...(seizure === null ? [] : [{ what: `the seizure from ${seizure.from}`, runId: seizure.runId }]),
    ...waiters.map(({ runId }) => ({ what: 'a place among the waiters', runId })),
  ];
}

function lastMoveOf(runId: string, { environment, service }: Target, facts: WorldFacts): Shown[] {
  const last = eventsOf(facts).findLast(
    (event) =>
      event.runId === runId &&
      (event.topic === 'deployment_triggered' || event.topic === 'rollback_event') &&
      event.subject.endsWith(`/${environment}/${service}`),
  );
  return last === undefined ? [] : [showEvent(last)];
}

function violation(found: Pick<Violation, 'what' | 'run'>, history: readonly Shown[]): Violation {
  return { invariant: 'I4', target: null, ...found, history };
}
