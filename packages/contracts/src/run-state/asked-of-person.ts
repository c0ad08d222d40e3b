import { readTargetUnit } from '../units.ts';
import type { RunState, UnitState } from './run.ts';

/** `answer`: a yes or no to the question of a unit. `resolve`: a look at a target that nobody may move before. */
export type AskedOfPerson = 'answer' | 'resolve';

const waitsFor: Readonly<Record<string, AskedOfPerson>> = { health_unclear: 'answer', target_blocked: 'resolve' };

/** What a unit asks of a person, by the reasons that deploy gives; null: nothing. */
export function askedOfPerson(
  unit: string,
  { status, reason }: Pick<UnitState, 'status' | 'reason'>,
): AskedOfPerson | null {
  if (status === 'waiting') return waitsFor[reason ?? ''] ?? null;
  return status === 'unknown' && readTargetUnit(unit) !== null ? 'resolve' : null;
}

/** How a person does what a unit asks for, in one sentence; null: it asks for nothing. Names in it are foreign text. */
export function explainAsk(
  unit: string,
  { runId, repository, units }: Pick<RunState, 'runId' | 'repository' | 'units'>,
): string | null {
  const state = units[unit];
  const asked = state === undefined ? null : askedOfPerson(unit, state);
  if (asked === 'answer') return `To answer: POST /api/v1/runs/${runId}/approve or …/reject with {"unit": "${unit}"}`;
  const place = asked === null ? null : readTargetUnit(unit);
  return place === null ? null : `After a look: orchestra resolve ${repository} ${place.environment} ${place.service}`;
}
