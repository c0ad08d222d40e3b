import type { RunState, WishKind } from '@orchestra/contracts';
import type { ClaimedJob } from '../ports/jobs.ts';
import type { Conclusion } from '../service/definition.ts';

interface Facts {
  job: Pick<ClaimedJob, 'gate' | 'hops' | 'wishes'>;
  run: Pick<RunState, 'hopsLimit'> | null;
  obeysWishes: boolean;
}

/** Whether a job ends without its work, and as what. Null: it works. What its inputs say comes before what people wish. */
export function decideConclusion({ job, run, obeysWishes }: Facts): Conclusion | null {
  const wishes = job.wishes.map(({ wish }) => wish);
  return (
    concludeGate(job.gate) ??
    (run !== null && job.hops > run.hopsLimit ? hopLimit : null) ??
    (wishes.includes('stalled') ? stalled : null) ??
    concludeWished({ job, obeysWishes }, wishes)
  );
}

/** How a unit ends that a wish stopped. Null: no wish. */
export function concludeWishes(wishes: readonly WishKind[]): Conclusion | null {
  const wish = precedence.find((kind) => wishes.includes(kind));
  return wish === undefined ? null : ends[wish];
}

function concludeWished({ job, obeysWishes }: Omit<Facts, 'run'>, wishes: readonly WishKind[]): Conclusion | null {
  if (job.gate?.state === 'wished') return concludeWaiting(wishes);
  return obeysWishes ? null : concludeWishes(wishes);
}

// What waited behind the stage that failed was not stopped: it was never begun.
function concludeWaiting(wishes: readonly WishKind[]): Conclusion | null {
  const conclusion = concludeWishes(wishes);
  if (conclusion?.reason !== 'halted') return conclusion;
  return { ...conclusion, status: 'skipped', message: 'Skipped because another stage failed' };
}

const precedence = ['cancel', 'superseded', 'deadline', 'halted'] as const;

const ends: Record<(typeof precedence)[number], Conclusion> = {
  cancel: { status: 'cancelled', reason: 'cancelled_by_person', message: 'Cancelled' },
  superseded: { status: 'cancelled', reason: 'superseded', message: 'Superseded by a newer push' },
  deadline: { status: 'timed_out', reason: 'run_deadline', message: 'The run passed its deadline' },
  halted: { status: 'cancelled', reason: 'halted', message: 'Stopped because another stage failed' },
};

const hopLimit: Conclusion = {
  status: 'error',
  reason: 'hop_limit',
  message: 'The chain of events is longer than the plan of this run allows',
};

const stalled: Conclusion = {
  status: 'error',
  reason: 'stalled',
  message: 'The workers that took this job died too often',
};

function concludeGate(gate: ClaimedJob['gate']): Conclusion | null {
  if (gate === null) return null;
  if (gate.state === 'closed') {
    const bad = gate.arrived.filter(({ status }) => status !== 'success' && status !== 'not_needed');
    const names = bad.map(({ unit, status }) => `${unit}: ${status}`).join(', ');
    return { status: 'skipped', reason: 'input_not_good', message: `Skipped because of ${names}` };
  }
  if (gate.state !== 'timed_out') return null;
  return { status: 'timed_out', reason: 'input_missing', message: `Waited too long for ${gate.missing.join(', ')}` };
}
