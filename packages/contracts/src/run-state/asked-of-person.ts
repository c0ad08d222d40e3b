import { readInfrastructureUnit, readTargetUnit } from '../units.ts';
import type { RunState, UnitState } from './run.ts';
import type { InfrastructureSlice, PlanQuestion, RemovalSlice, Slices } from './slices.ts';

/** `answer`: a yes or no to the question of a unit. `resolve`: a look at a target that nobody may move before. */
export type AskedOfPerson = 'answer' | 'resolve';

const waitsFor: Readonly<Record<string, AskedOfPerson>> = {
  health_unclear: 'answer',
  plan_approval: 'answer',
  approval: 'answer',
  target_blocked: 'resolve',
  infrastructure_blocked: 'resolve',
};

/** What a unit asks of a person, by the reasons that deploy and iac give; null: nothing. */
export function askedOfPerson(
  unit: string,
  { status, reason }: Pick<UnitState, 'status' | 'reason'>,
): AskedOfPerson | null {
  if (status === 'waiting') return waitsFor[reason ?? ''] ?? null;
  const isOfWorld = readTargetUnit(unit) !== null || readInfrastructureUnit(unit) !== null;
  return status === 'unknown' && isOfWorld ? 'resolve' : null;
}

type Asking = Pick<RunState, 'runId' | 'repository' | 'units'> & { slices?: Pick<Slices, 'iac'> };

/** How a person does what a unit asks for, in one sentence; null: it asks for nothing. Names in it are foreign text. */
export function explainAsk(unit: string, run: Asking): string | null {
  const state = run.units[unit];
  const asked = state === undefined ? null : askedOfPerson(unit, state);
  const environment = readInfrastructureUnit(unit);
  if (environment !== null) return explainInfrastructureAsk(asked, { unit, environment, run });
  const place = asked === null ? null : readTargetUnit(unit);
  if (place === null) return null;
  if (asked === 'resolve')
    return `After a look: orchestra resolve ${run.repository} ${place.environment} ${place.service}`;
  return state?.reason === 'approval'
    ? `To answer: orchestra approve ${run.runId} --environment ${place.environment}, or with --reject`
    : `To answer: POST /api/v1/runs/${run.runId}/approve or …/reject with {"unit": "${unit}"}`;
}

type Asks = Pick<InfrastructureSlice, 'phase' | 'question'> & { removal?: Asks };

/** The question of a plan, or of the one that would destroy what it made; null: neither waits for a person. */
export function infrastructureQuestion(slice: Asks | undefined): PlanQuestion | null {
  if (slice === undefined) return null;
  const own = slice.phase === 'waiting' ? (slice.question ?? null) : null;
  return own ?? infrastructureQuestion(slice.removal);
}

// What was destroying when it was cut, nobody may go on with before a person has looked.
function isCut(removal: RemovalSlice | undefined): boolean {
  return removal?.phase === 'applying' && removal.ended !== null;
}

function explainInfrastructureAsk(
  asked: AskedOfPerson | null,
  { unit, environment, run }: { unit: string; environment: string; run: Asking },
): string | null {
  const address = `POST /api/v1/runs/${run.runId}`;
  const slice = run.slices?.iac[environment];
  if (asked === 'resolve' || isCut(slice?.removal)) {
    return `After a look: ${address}/resolve with {"unit": "${unit}", "resolution": "happened"}, or "did_not_happen", or "try_again"`;
  }
  const question = infrastructureQuestion(asked === null ? slice?.removal : slice);
  if (question === null) return null;
  const who = question.approvers.length === 0 ? '' : ` as ${question.approvers.join(' or ')}`;
  return `To answer${who} until ${question.until}: ${address}/approve or …/reject with {"unit": "${unit}", "digest": "${question.digest}"}`;
}
