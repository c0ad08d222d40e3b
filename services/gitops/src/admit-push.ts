import { jobIdOf, type Admission, type Admitted, type HeadMove, type ServiceContext } from '@orchestra/runtime';
import type { Push } from './decide-push.ts';
import type { AllowedRepository } from './repositories.ts';

export interface AdmitPush {
  push: Push;
  allowed: AllowedRepository;
  /** Delivery id or idempotency key, with a prefix for where it comes from. */
  delivery: string;
  /** Names the content; the same content is the same run. */
  content: string;
  environmentLimit: string | null;
  metadata: Readonly<Record<string, string>>;
  /** The person who asked; null: the forge did. */
  actor: string | null;
  maxSupersedes: number;
  /** What the push says about where its branch stands; absent: nothing. */
  head?: HeadMove;
}

// Until the pipeline file is read nobody knows the steps of the run; the plan replaces this.
const firstHopsLimit = 16 + 4 * 100;
const fetchLimitMs = 900_000;

/** Makes a run of a push, or finds the one that it already made. Durable when it returns. */
export async function admitPush(asked: AdmitPush, { store, ids, notes }: AdmitContext): Promise<Admitted> {
  const { push, allowed, environmentLimit, metadata, delivery, content, maxSupersedes, actor, head } = asked;
  const runId = ids.next();
  const admission: Admission = {
    identity: {
      ...push,
      runId,
      repository: allowed.repository,
      author: cut(push.author, 200),
      message: push.message === null ? null : cut(push.message, 1000),
      cloneUrl: allowed.cloneUrl,
      environmentLimit,
      metadata,
    },
    delivery,
    content,
    job: {
      jobId: jobIdOf('gitops', runId, 'gitops'),
      service: 'gitops',
      runId,
      generation: 1,
      unit: 'gitops',
      handler: 'fetch',
      payload: JSON.stringify({ delivery, content }),
      cause: runId,
      causes: [],
      hops: 0,
      maxAttempts: 3,
      maxMs: fetchLimitMs,
      bound: true,
      traceparent: null,
      delayMs: 0,
    },
    hopsLimit: firstHopsLimit,
    maxSupersedes,
    notes,
    actor,
    ...(head === undefined ? {} : { head }),
  };
  return store.admit(admission);
}

export type AdmitContext = Pick<ServiceContext, 'store' | 'ids' | 'notes'>;

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`.toWellFormed();
}
