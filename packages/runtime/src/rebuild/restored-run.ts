import { serviceNames, topics, type RunIdentity, type ServiceName } from '@orchestra/contracts';
import type { HistoryEntry } from '../ports/run-store.ts';
import type { RestoredRun } from '../ports/store-rebuild.ts';
import type { RunFacts } from './facts.ts';

const anHour = 3_600_000;

/** The state of a run as it is written back: what events tell of it, and nothing that only the store had. */
export function restoredRun(facts: RunFacts): RestoredRun {
  const { folded, identity, plan, plannedUnits, standing } = facts;
  const { pushedAt, sequence, delivery, content } = identity;
  const begun = new Date(pushedAt).getTime();
  const { units, made, unfinished } = standing;
  const lastAt =
    units
      .map(({ at }) => at)
      .toSorted()
      .at(-1) ?? pushedAt;
  const rollouts = plannedUnits.filter(({ service }) => service === 'deploy').length;
  return {
    identity: identityOf(facts),
    delivery,
    content,
    sequence,
    generation: folded.generation,
    createdAt: pushedAt,
    deadlineAt: new Date(begun + (plan?.runDeadlineMs ?? anHour)).toISOString(),
    endedAt: unfinished.size === 0 ? lastAt : null,
    hopsLimit: 16 + 4 * rollouts * (plan?.deployment?.steps.length ?? 0),
    plannedUnits,
    units,
    made,
    slices: slicesOf(facts),
    notes: ['state_rebuilt'],
    history: historyOf(facts),
    seen: facts.events.flatMap(({ id: eventId, topic }) =>
      topics[topic].consumers.map((service) => ({ service, eventId })),
    ),
  };
}

// Where it is cloned from is configuration, and matters only to its first job; of what a trigger said beside it only who
// pushed is told, who may not approve it.
function identityOf({ folded, identity }: RunFacts): RunIdentity {
  const { repository, ref, branch, before, commit, author, message, trigger, pullRequest, environmentLimit } = identity;
  const told = { repository, ref, branch, before, commit, author, message, trigger, pullRequest, environmentLimit };
  const metadata = identity.pusher === null || identity.pusher === '' ? {} : { pusher: identity.pusher };
  return { runId: folded.runId, ...told, cloneUrl: '', metadata };
}

function slicesOf({ folded }: RunFacts): RestoredRun['slices'] {
  // A service may have no slice.
  const slices: Readonly<Partial<Record<ServiceName, object>>> = folded.slices;
  return serviceNames.flatMap((service) =>
    Object.entries(slices[service] ?? {}).map(([key, value]) => ({ service, key, value: JSON.stringify(value) })),
  );
}

function historyOf({ events }: RunFacts): HistoryEntry[] {
  return events.map(({ id, topic, source, subject, generation, causeId, time, data }) => ({
    id,
    at: time.toISOString(),
    kind: 'event',
    service: source,
    unit: subject === topic ? null : subject,
    generation,
    what: topic,
    reason: 'reason' in data ? data.reason : null,
    causes: causeId === null ? [] : [causeId],
    detail: data,
  }));
}
