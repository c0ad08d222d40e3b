import {
  environmentReleasesName,
  everyRepository,
  freezeReleases,
  parseTarget,
  readFreeze,
  unfreezeReleases,
  wakeHeld,
  type Received,
  type TargetName,
} from '@orchestra/contracts';
import type { Decided, Ended, Result } from '@orchestra/runtime';
import { readReleases, releasesWrite } from './environment-releases.ts';
import type { Context } from './work.ts';

type Command = Received<'operator_command'>;

interface Place {
  repository: string;
  environment: string;
}

/** A person freezes an environment: rollouts that come from now on wait, and those under way go on. */
export async function freezeEnvironment(event: Command, context: Context): Promise<Result<'deploy'>> {
  const place = placeOf(event);
  if (place === null) return answer(event, context, { answer: 'refused', reason: 'no_environment' });
  const ordered = readFreeze(event.data, { at: event.time, now: context.now });
  if (ordered.kind === 'refused') return answer(event, context, { answer: 'refused', reason: ordered.reason });
  const held = await readReleases(context, place);
  const written = await context.changeTarget(releasesWrite(held, freezeReleases(held.state, ordered.frozen)));
  return written === 'finished' ? answer(event, context, accepted) : { kind: 'again' };
}

/** A person ends a freeze: whoever waits looks again. */
export async function unfreezeEnvironment(event: Command, context: Context): Promise<Result<'deploy'>> {
  const place = placeOf(event);
  if (place === null) return answer(event, context, { answer: 'refused', reason: 'no_environment' });
  const held = await readReleases(context, place);
  const wasFrozen = held.state.frozen !== null;
  const written = wasFrozen
    ? await context.changeTarget(releasesWrite(held, unfreezeReleases(held.state)))
    : 'finished';
  if (written !== 'finished') return { kind: 'again' };
  if (place.repository === everyRepository) await wakeEverywhere(context, place.environment);
  // A repeated attempt finds that its first one has done it.
  const isDone = wasFrozen || context.job.attempt > 1 || context.job.stalls > 0;
  return answer(event, context, isDone ? accepted : { answer: 'refused', reason: 'not_frozen' });
}

// Those of other repositories stand in documents of their own. Whom this misses looks by itself, some minutes later.
async function wakeEverywhere(context: Context, environment: string): Promise<void> {
  const stored = await context.store.listTargets(null);
  const names = stored.map(({ target }): TargetName => parseTarget(target));
  const frozen = names.filter((one) => one.service === environmentReleasesName && one.environment === environment);
  for (const { repository } of frozen) {
    const held = await readReleases(context, { repository, environment });
    const wake = wakeHeld(held.state);
    if (wake.length > 0) await context.changeTarget(releasesWrite(held, { next: held.state, wake }));
  }
}

function placeOf({ data }: Command): Place | null {
  const { repository, environment } = data;
  return repository === null || environment === null ? null : { repository, environment };
}

interface Answer {
  answer: 'accepted' | 'refused';
  reason: string;
}

const accepted: Answer = { answer: 'accepted', reason: 'ordered' };

// Such an order is about no run: the audit log is where people see what became of it.
async function answer({ data }: Command, context: Context, { answer: said, reason }: Answer): Promise<Ended<'deploy'>> {
  const { commandId: id, actor, action, repository, environment, until, reason: note } = data;
  await context.store.audit({
    at: context.now.toISOString(),
    service: 'deploy',
    id,
    actor,
    action: action.toLowerCase(),
    repository: repository ?? '',
    environment: environment ?? '',
    until: until ?? '',
    note: note ?? '',
    answer: said,
    why: reason,
  });
  const facts = { action, actor, commandId: id, environment, until };
  const decided: Decided[] = [{ what: `command ${said}`, reason, facts }];
  return { kind: 'end', status: null, events: [], decided };
}
