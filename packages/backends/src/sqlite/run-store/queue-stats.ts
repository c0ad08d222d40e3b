import type { ServiceName } from '@orchestra/contracts';
import type { QueueStats } from '@orchestra/runtime';
import { numberOf } from '../row.ts';
import type { Step } from './step.ts';

const jobs = `SELECT
  count(*) FILTER (WHERE due_at <= ?1) AS ready, coalesce(min(due_at) FILTER (WHERE due_at <= ?1), ?1) AS oldest,
  count(*) FILTER (WHERE status = 'running') AS leased,
  count(*) FILTER (WHERE status = 'parked' AND (due_at IS NULL OR due_at > ?1)) AS parked
  FROM jobs WHERE service = ?2 AND status <> 'done'`;

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

/** Milliseconds until the next job is due; null: none will be. */
export function nextDueMs(step: Step, service: ServiceName): number | null {
  const first = 'SELECT due_at FROM jobs WHERE service = ? AND due_at IS NOT NULL ORDER BY due_at LIMIT 1';
  const row = step.db.get(first, [service]);
  return row && Math.max(0, numberOf(row, 'due_at') - step.now);
}
