import type { Received } from '@orchestra/contracts';
import { retryByCommand, type Ended, type JobContext } from '@orchestra/runtime';
import { admitPush } from './admit-push.ts';
import type { Ports } from './ports.ts';
import { findRepository } from './repositories.ts';

type Command = Received<'operator_command'>;

/** A person asks gitops: to cancel a run, to run a commit again, or to read it anew. */
export async function handleOperatorCommand(
  event: Command,
  context: JobContext<'gitops'>,
  ports: Ports,
): Promise<Ended<'gitops'>> {
  const { action } = event.data;
  if (action === 'CANCEL') return cancel(event, context);
  if (action === 'RUN') return runAgain(event, context, ports);
  if (action === 'RETRY') return retryByCommand('gitops', event, context);
  return answered(event, { answer: 'refused', reason: 'not_for_gitops' });
}

async function cancel(event: Command, { run, store }: JobContext<'gitops'>): Promise<Ended<'gitops'>> {
  const { actor, reason, generation } = event.data;
  const said = reason ?? 'cancelled_by_person';
  const set = await store.setWish({ runId: run.runId, wish: 'cancel', generation, units: null, reason: said, actor });
  const accepted = set === 'set' || set === 'already';
  return answered(event, accepted ? { answer: 'accepted', reason: 'ordered' } : { answer: 'refused', reason: set });
}

// The command names a run, and the new one is of the same commit. Where it is cloned from says the list of today.
async function runAgain(event: Command, context: JobContext<'gitops'>, ports: Ports): Promise<Ended<'gitops'>> {
  const { run } = context;
  const { environmentLimit, metadata } = run;
  const allowed = findRepository(ports.repositories, run.repository);
  if (allowed === null) return answered(event, { answer: 'refused', reason: 'unknown_repository' });
  const admitted = await admitPush(
    {
      push: { ...run, before: null, trigger: 'MANUAL' },
      allowed,
      delivery: `command:${event.data.commandId}`,
      content: `command:${event.data.commandId}`,
      environmentLimit,
      metadata,
      actor: event.data.actor,
      maxSupersedes: ports.maxSupersedes,
    },
    context,
  );
  return answered(event, { answer: 'accepted', reason: 'ordered', newRunId: admitted.runId });
}

interface Answer {
  answer: 'accepted' | 'refused';
  reason: string;
  newRunId?: string;
}

function answered(event: Command, { answer, reason, ...more }: Answer): Ended<'gitops'> {
  const { commandId, action, actor } = event.data;
  const what = `${action.toLowerCase()} ${answer}`;
  return { kind: 'end', status: null, events: [], decided: [{ what, reason, facts: { commandId, actor, ...more } }] };
}
