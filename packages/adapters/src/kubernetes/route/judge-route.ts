import { z } from 'zod';
import type { FoundRoute, Manager, Parent } from './read-route.ts';

/** Whether a gateway serves a route as it is since a generation, and none has trouble with it. */
export function isServed({ parents }: Pick<FoundRoute, 'parents'>, generation = 0): boolean {
  const seen = parents.filter((parent) => hasSeen(parent, generation));
  return seen.some(isAccepted) && findTrouble({ parents }, generation) === null;
}

/** Why a gateway does not serve a route as it is in a generation; null: none has said so. */
export function findTrouble({ parents }: Pick<FoundRoute, 'parents'>, generation: number): string | null {
  for (const { controllerName, conditions } of parents) {
    const bad = conditions.find(
      ({ type, status, observedGeneration }) =>
        ['Accepted', 'ResolvedRefs'].includes(type) && status === 'False' && observedGeneration >= generation,
    );
    if (bad !== undefined) return `${controllerName} says ${bad.reason}: ${bad.message}`;
  }
  return null;
}

function hasSeen({ conditions }: Parent, generation: number): boolean {
  return conditions.some(({ type, observedGeneration }) => type === 'Accepted' && observedGeneration >= generation);
}

function isAccepted({ conditions }: Parent): boolean {
  return conditions.some(({ type, status }) => type === 'Accepted' && status === 'True');
}

const rulesOwned = z.looseObject({ 'f:spec': z.looseObject({ 'f:rules': z.unknown() }) });

/** Who manages the rules of a route. */
export function ownersOfRules(managers: readonly Manager[]): string[] {
  return managers.filter(({ fieldsV1 }) => ownsRules(fieldsV1)).map(({ manager }) => manager);
}

function ownsRules(fields: unknown): boolean {
  const parsed = rulesOwned.safeParse(fields);
  return parsed.success && parsed.data['f:spec']['f:rules'] !== undefined;
}
