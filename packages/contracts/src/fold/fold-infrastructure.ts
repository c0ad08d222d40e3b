import { readResolution } from '../run-state/resolution.ts';
import {
  infrastructureName,
  untouchedInfrastructure,
  type EnvironmentInfrastructure,
} from '../target/infrastructure.ts';
import { createTarget, targetKey, type Target } from '../target/target.ts';
import type { Received, Topic } from '../topics.ts';
import { readInfrastructureUnit } from '../units.ts';
import type { FoldedIdentity } from './folded-run.ts';
import { isOf } from './is-of.ts';

export interface InfrastructureFacts {
  /** Of all runs. */
  events: readonly Received<Topic>[];
  /** Null: the run's push is not among the events any more. */
  identityOf(runId: string): Pick<FoldedIdentity, 'repository' | 'sequence' | 'commit'> | null;
  /** How often what a run applied is compared with the world; null: never, or its plan is gone. */
  driftCheckMsOf(runId: string): number | null;
}

/**
 * Folds what iac and people have told into the documents of the infrastructure of environments: what was applied last, what
 * is blocked because an apply was cut, and what a person said of that. Who works at it and who waits ask again; what was
 * found beside the recorded state is looked for again. Pure; the same events give the same documents.
 */
export function foldInfrastructure(facts: InfrastructureFacts): Target[] {
  const targets = new Map<string, Target>();
  const known = new Set<string>();
  for (const event of facts.events.toSorted((left, right) => left.time.getTime() - right.time.getTime())) {
    const isNew = !known.has(event.id);
    known.add(event.id);
    const folded = isNew ? foldOne(event, targets, facts) : null;
    if (folded !== null) targets.set(targetKey(folded), folded);
  }
  return [...targets.values()];
}

function foldOne(
  event: Received<Topic>,
  targets: ReadonlyMap<string, Target>,
  facts: InfrastructureFacts,
): Target | null {
  const environment = environmentOf(event);
  const identity = facts.identityOf(event.runId);
  if (environment === null || identity === null) return null;
  const name = { repository: identity.repository, environment, service: infrastructureName };
  const target = targets.get(targetKey(name)) ?? createTarget(name);
  const before = target.infrastructure ?? untouchedInfrastructure;
  const after = isOf(event, 'iac_ready') ? tell(before, { event, identity }, facts) : resolve(before, event);
  if (after === before) return null;
  const pins = [after.applied?.runId, after.blocked?.runId].filter((runId) => runId !== undefined);
  return { ...target, infrastructure: after, pins: [...new Set(pins)] };
}

function environmentOf(event: Received<Topic>): string | null {
  if (isOf(event, 'iac_ready')) return event.data.environment;
  const isWord = isOf(event, 'operator_command') && event.data.action === 'RESOLVE' && event.data.addressee === 'iac';
  return isWord ? readInfrastructureUnit(event.data.unit ?? '') : null;
}

interface Told {
  event: Received<'iac_ready'>;
  identity: Pick<FoldedIdentity, 'sequence' | 'commit'>;
}

function tell(
  state: EnvironmentInfrastructure,
  { event, identity }: Told,
  { driftCheckMsOf }: InfrastructureFacts,
): EnvironmentInfrastructure {
  const { runId, generation, time, data } = event;
  const at = time.toISOString();
  const { sequence, commit } = identity;
  if (data.outcome === 'SUCCESS') {
    const applied = { runId, generation, sequence, commit, at, driftCheckMs: driftCheckMsOf(runId) };
    return { ...state, applied, resolved: null };
  }
  if (data.outcome !== 'UNKNOWN') return state;
  return { ...state, blocked: { runId, generation, at, message: 'An apply was cut, before the store was rebuilt' } };
}

// What a person said holds for what blocks; about anything else it was refused then, and is now.
function resolve(state: EnvironmentInfrastructure, event: Received<Topic>): EnvironmentInfrastructure {
  const { blocked } = state;
  if (!isOf(event, 'operator_command') || blocked === null || blocked.runId !== event.runId) return state;
  const resolution = readResolution(event.data.resolution);
  if (resolution === null) return state;
  if (resolution === 'did_not_happen') return { ...state, blocked: null, resolved: null };
  const { runId, generation } = blocked;
  const { actor } = event.data;
  return { ...state, blocked: null, resolved: { runId, afterGeneration: generation, resolution, actor } };
}
