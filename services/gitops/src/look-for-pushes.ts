import { jobIdOf, type Ended, type JobContext, type ServiceContext } from '@orchestra/runtime';
import { chooseDeliveries } from './choose-deliveries.ts';
import { firstLookAt } from './decide-missed.ts';
import { lookAtRepository } from './look-at-repository.ts';
import type { Ports } from './ports.ts';
import { listRepositories } from './repositories-to-look-at.ts';

// GitHub forgets deliveries after this.
const keptMs = 3 * 86_400_000;

/** Finds what the forge told nobody of: it never tells again by itself. One that cannot be looked at waits for the next look. */
export async function lookForPushes(context: JobContext<'gitops'>, ports: Ports): Promise<Ended<'gitops'>> {
  const { store, log, signal } = context;
  const looked: Date[] = [];
  for (const allowed of await listRepositories(ports.repositories, store)) {
    signal.throwIfAborted();
    try {
      const known = await lookAtRepository(allowed, ports, context);
      const first = firstLookAt(known);
      looked.push(first === null ? context.now : new Date(first));
    } catch (error) {
      signal.throwIfAborted();
      log.warn({ repository: allowed.repository, err: error }, 'a repository could not be looked at');
    }
  }
  await askForDeliveries(looked, ports, context);
  return { kind: 'end', status: null, events: [] };
}

// What failed before the platform looked for the first time is not its business.
async function askForDeliveries(looked: readonly Date[], { deliveries }: Ports, context: JobContext<'gitops'>) {
  if (deliveries === null || looked.length === 0) return;
  const { now, log, signal } = context;
  const began = Math.min(...looked.map((at) => at.getTime()));
  try {
    const failed = chooseDeliveries(
      await deliveries.listSince(new Date(Math.max(began, now.getTime() - keptMs)), signal),
    );
    for (const id of failed) await deliveries.askAgain(id, signal);
    if (failed.length > 0) log.info({ count: failed.length }, 'deliveries asked for again');
  } catch (error) {
    signal.throwIfAborted();
    log.warn({ err: error }, 'deliveries could not be asked for');
  }
}

/** A look as soon as the service starts, beside those of the schedule. A store that is away now has the schedule's. */
export async function lookAtStart({ store, ids, log }: ServiceContext): Promise<() => Promise<void>> {
  const cause = `start:${ids.next()}`;
  const job = {
    jobId: jobIdOf('gitops', cause, 'look'),
    service: 'gitops',
    runId: null,
    generation: 1,
    unit: null,
    handler: 'look',
    payload: '{}',
    cause,
    causes: [],
    hops: 0,
    maxAttempts: 3,
    maxMs: 600_000,
    bound: false,
    traceparent: null,
    delayMs: 0,
  } as const;
  await store.enqueue(job).catch((error: unknown) => log.warn({ err: error }, 'the first look waits for its schedule'));
  return async () => {};
}
