import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { planUnits, type PlannedUnit, type Received, type RunState, type UnitState } from '@orchestra/contracts';
import { retryByCommand, type JobRecord, type Retry } from '@orchestra/runtime';
import { aContext } from './given-context.ts';

const deployment = { environments: ['staging', 'production'], services: [{ name: 'shop' }] };
const planned = planUnits({
  plan: { deployment: deployment as never, gateDeadlineMs: 60_000 },
  environmentLimit: null,
});
const failed: UnitState = {
  generation: 1,
  status: 'failure',
  reason: null,
  message: null,
  at: '',
  startedAt: null,
  endedAt: null,
};
const units = Object.fromEntries(planned.map(({ unit }) => [unit, failed]));

/** The first job of a unit and a timer that it set. */
function jobsOf({ unit, service }: PlannedUnit): JobRecord[] {
  const nothing = { attempt: 1, stalls: 0, parkReason: null, dueAt: null, owner: null, leaseEndsAt: null, error: null };
  const job = { ...nothing, service, runId: 'run-1', generation: 1, unit, status: 'done' } as const;
  const event = { jobId: randomUUID(), handler: 'the event', payload: `"input of ${unit}"`, cause: randomUUID() };
  return [
    { ...job, ...event },
    { ...job, jobId: randomUUID(), handler: 'later', payload: '"timer"', cause: `timer:${event.jobId}:later` },
  ];
}

async function retry({ unit, service }: PlannedUnit): Promise<Retry> {
  const asked: Retry[] = [];
  const run: Partial<RunState> = { runId: 'run-1', plannedUnits: planned, units };
  const context = aContext(service, {
    run,
    store: {
      readJobs: async () => planned.flatMap(jobsOf),
      retry: async (order) => {
        asked.push(order);
        return { kind: 'retried', generation: 2 };
      },
    },
  });
  const data = { action: 'RETRY', unit, generation: 1, force: false, actor: 'ada' };
  await retryByCommand(service, { id: randomUUID(), data } as Received<'operator_command'>, context);
  const [order] = asked;
  if (order === undefined) throw new Error('the retry was refused');
  return order;
}

describe('a retry', () => {
  it.each(planned)('begins at $unit with the inputs it had', async (at) => {
    const { jobs, gates, remade } = await retry(at);

    expect(remade[0]).toBe(at.unit);
    // A stage behind a gate begins with the outcomes that its gate knows, any other one with the event that it had.
    const begins = [...jobs, ...gates].find(({ unit }) => unit === at.unit);
    expect(begins).toMatchObject(
      at.gate === null
        ? { handler: 'the event', payload: `"input of ${at.unit}"`, generation: 2 }
        : { handler: 'gate', inputs: at.gate, generation: 2 },
    );
    expect(jobs.map(({ unit }) => unit)).toEqual(at.gate === null ? [at.unit] : []);
  });
});
