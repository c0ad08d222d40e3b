import { isOf, type Received, type ServiceName, type Topic } from '@orchestra/contracts';
import type { Rebuilding, RunFacts } from '../rebuild/facts.ts';
import { findLeaves, type Leaves } from '../rebuild/find-leaves.ts';
import { rebuiltJob } from '../rebuild/rebuilt-job.ts';

/**
 * What waited in a service for its next event, by what had been told: its gates, and the jobs of a rollout. Other work that
 * was under way is left out, because its answer is not one to the next event.
 */
export function standingJobs(facts: RunFacts, service: ServiceName, rebuilding: Rebuilding): Leaves {
  const { jobs, gates } = findLeaves(facts, rebuilding);
  const judging = service === 'deploy' ? judgeJobs(facts, rebuilding) : [];
  const judged = new Set(judging.map(({ unit }) => unit));
  return {
    jobs: service === 'deploy' ? [...judging, ...jobs.filter((job) => job.service === 'deploy')] : [],
    gates: gates.filter((gate) => gate.service === service && !judged.has(gate.unit)),
  };
}

// After a step a rollout waits for its verdict; a rebuild would make the step again.
function judgeJobs({ events, standing, plannedUnits }: RunFacts, rebuilding: Rebuilding) {
  const rollouts = plannedUnits.filter(({ unit, service }) => service === 'deploy' && standing.unfinished.has(unit));
  return rollouts.flatMap(({ unit }) => {
    const generation = standing.unfinished.get(unit) ?? 1;
    const last = events.findLast((event) => isMove(event) && event.subject === unit && event.generation === generation);
    if (last === undefined || !isMove(last) || last.data.phase !== 'STEP') return [];
    const { step, epoch } = last.data;
    const job = rebuiltJob({ cause: last, service: 'deploy', unit, generation, bound: true }, rebuilding);
    return [{ ...job, handler: 'judge', payload: JSON.stringify({ step, epoch, extensions: 0 }) }];
  });
}

function isMove(event: Received<Topic>): event is Received<'deployment_triggered'> {
  return isOf(event, 'deployment_triggered');
}
