import type { ServiceName } from '@orchestra/contracts';
import type { QueueStats } from '@orchestra/runtime';
import { numberOf } from '../row.ts';
import type { Step } from './step.ts';

// Each count has an index of its own: jobs that are done stay for weeks, and are never gone through.
const jobs = `SELECT
  (SELECT count(*) FROM jobs WHERE service = ?2 AND due_at <= ?1) AS ready,
  coalesce((SELECT min(due_at) FROM jobs WHERE service = ?2 AND due_at IS NOT NULL), ?1) AS oldest,
  (SELECT count(*) FROM jobs WHERE service = ?2 AND lease_ends_at IS NOT NULL) AS leased,
  (SELECT count(*) FROM jobs WHERE service = ?2 AND due_at > ?1 AND status = 'parked') +
  (SELECT count(*) FROM jobs WHERE service = ?2 AND due_at IS NULL AND status = 'parked') AS parked`;

const outbox = 'SELECT count(*) AS waiting, coalesce(min(at), ?1) AS oldest FROM outbox WHERE service = ?2';

const none: QueueStats = { ready: 0, oldestReadyMs: 0, leased: 0, parked: 0, outbox: 0, oldestOutboxMs: 0 };

/** What waits in the queues of a service. */
export function readStats(step: Step, service: ServiceName): QueueStats {
  const queue = step.db.get(jobs, [step.now, service]);
  const unsent = step.db.get(outbox, [step.now, service]);
  if (queue === null || unsent === null) return none;
  return {
    ready: numberOf(queue, 'ready'),
    oldestReadyMs: Math.max(0, step.now - numberOf(queue, 'oldest')),
    leased: numberOf(queue, 'leased'),
    parked: numberOf(queue, 'parked'),
    outbox: numberOf(unsent, 'waiting'),
    oldestOutboxMs: Math.max(0, step.now - numberOf(unsent, 'oldest')),
  };
}

const first = `SELECT due_at FROM jobs WHERE service = ? AND due_at IS NOT NULL
  AND handler NOT IN (SELECT value FROM json_each(?)) ORDER BY due_at LIMIT 1`;

/** Milliseconds until the next job is due that is for none of these handlers; null: none will be. */
export function nextDueMs(step: Step, service: ServiceName, except: readonly string[]): number | null {
  const row = step.db.get(first, [service, JSON.stringify(except)]);
  return row && Math.max(0, numberOf(row, 'due_at') - step.now);
}
