import type { Database } from '@orchestra/backends/sqlite';
import type { Violation } from '@orchestra/testkit/world';

interface Wait {
  what: string;
  /** Finds a job that sleeps at a time (?1) although it must not: its id, its run and what it sleeps for. */
  sql: string;
}

const waits: readonly Wait[] = [
  {
    what: 'a job sleeps although the answer that it waits for is there',
    sql: `SELECT job_id, jobs.run_id, answer_key AS about FROM jobs
      JOIN answers ON answers.run_id = jobs.run_id AND answers.key = answer_key
      WHERE status = 'parked' AND (due_at IS NULL OR due_at > ?1) LIMIT 1`,
  },
  {
    what: 'a job sleeps under a wish that binds it',
    sql: `SELECT job_id, jobs.run_id, wish AS about FROM jobs
      JOIN wishes ON wishes.run_id = jobs.run_id AND wishes.generation >= jobs.generation
        AND (units IS NULL OR jobs.unit IN (SELECT value FROM json_each(units)))
      WHERE status = 'parked' AND bound = 1 AND (due_at IS NULL OR due_at > ?1) LIMIT 1`,
  },
  {
    what: 'a gate ended as timed out although all its inputs were there',
    sql: `SELECT job_id, run_id, unit AS about FROM jobs
      WHERE ?1 > 0 AND gate_verdict ->> 'state' = 'timed_out' AND json_array_length(gate_verdict, '$.missing') = 0 LIMIT 1`,
  },
];

/** What sleeps in the store although it has nothing to wait for: true at no moment, so it can be asked at any. */
export function findSleepers({ get, nowMs }: Database, at: Date): Violation[] {
  return waits.flatMap(({ what, sql }): Violation[] => {
    const row = get(sql, [nowMs()]);
    if (row === null) return [];
    const line = { at: at.toISOString(), id: String(row['job_id']), what: `sleeps for ${String(row['about'])}` };
    return [{ invariant: 'I6', what, run: String(row['run_id']), target: null, history: [line] }];
  });
}
