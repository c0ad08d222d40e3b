import { showJob } from './show.ts';
import type { Shown, Violation } from './violation.ts';
import type { WorldFacts } from './world-facts.ts';

/** I6, first half: the outbox is empty, no job is ready, and every consumer group is at the end of its topics. */
export function checkQueues({ queues, groups, runs }: WorldFacts): Violation[] {
  const kept = queues
    .filter(({ outbox }) => outbox > 0)
    .map(({ service, outbox }) => violation(`${outbox} events of ${service} were never published`, []));
  const ready = queues
    .filter((queue) => queue.ready > 0)
    .map((queue) => {
      const jobs = runs.flatMap((run) =>
        run.jobs
          .filter(({ service, status }) => service === queue.service && status === 'queued')
          .map((job) => showJob(run, job)),
      );
      return violation(`${queue.ready} jobs of ${queue.service} wait for a worker`, jobs.slice(0, 3));
    });
  const behind = groups
    .filter(({ lag }) => lag > 0)
    .map(({ group, topic, lag }) => violation(`${group} has not taken ${lag} records of ${topic}`, []));
  return [...kept, ...ready, ...behind];
}

function violation(what: string, history: readonly Shown[]): Violation {
  return { invariant: 'I6', what, run: null, target: null, history };
}
