import type { Received, Topic } from '../topics.ts';
import { isOf } from './is-of.ts';

interface Place {
  environment: string;
  service: string;
}

/** The name of a release among all targets. A run whose push is not known has a repository of its own. */
export function releaseKey(own: readonly Received<Topic>[], place: Place, release: string | null): string {
  const push = own.find((event) => isOf(event, 'code_push'));
  const repository = push?.data.repository ?? `run ${own[0]?.runId ?? ''}`;
  return [repository, place.environment, place.service, release ?? ''].join(' ');
}

/** The releases that any run took back: a rollback that was overtaken is told of by the run of the other one. */
export function findRestored(runs: ReadonlyMap<string, readonly Received<Topic>[]>): ReadonlySet<string> {
  const names = [...runs.values()].flatMap((own) =>
    own
      .filter((event) => isOf(event, 'rollback_event'))
      .filter(({ data }) => data.outcome === 'SUCCESS')
      .map(({ data }) => releaseKey(own, data, data.fromRelease)),
  );
  return new Set(names);
}
