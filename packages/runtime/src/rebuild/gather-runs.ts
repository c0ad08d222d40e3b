import {
  foldEvents,
  OrchestraError,
  planUnits,
  type FoldedIdentity,
  type FoldedRun,
  type Plan,
  type Received,
  type Topic,
} from '@orchestra/contracts';
import type { ArtifactStore } from '../ports/artifact-store.ts';
import type { RunFacts } from './facts.ts';
import { whereUnitsStand } from './where-units-stand.ts';

const maxPlanBytes = 1_048_576;
const anHour = 3_600_000;

/** The runs whose push is among the events, oldest first in each repository, with their plans. */
export async function gatherRuns(
  events: readonly Received<Topic>[],
  artifacts: Pick<ArtifactStore, 'read'>,
): Promise<RunFacts[]> {
  const own = groupByRun(events);
  const runs: RunFacts[] = [];
  for (const folded of foldEvents(events)) {
    const { identity } = folded;
    if (identity === null) continue;
    const plan = await loadPlan(identity, artifacts);
    runs.push(factsOf({ folded, identity, plan, events: own.get(folded.runId) ?? [] }));
  }
  return runs.toSorted((left, right) => left.identity.sequence - right.identity.sequence);
}

interface Gathered {
  folded: FoldedRun;
  identity: FoldedIdentity;
  plan: Plan | null;
  events: readonly Received<Topic>[];
}

function factsOf(gathered: Gathered): RunFacts {
  const { folded, identity, plan } = gathered;
  const without = { deployment: null, gateDeadlineMs: anHour };
  const plannedUnits = planUnits({ plan: plan ?? without, environmentLimit: identity.environmentLimit });
  return { ...gathered, plannedUnits, standing: whereUnitsStand(folded, plannedUnits) };
}

// The plan is our own JSON: gitops wrote it. A run whose plan is gone has the units that every run has.
async function loadPlan({ planDigest }: FoldedIdentity, artifacts: Pick<ArtifactStore, 'read'>): Promise<Plan | null> {
  if (planDigest === null) return null;
  try {
    const plan: Plan = JSON.parse((await artifacts.read(planDigest, maxPlanBytes)).toString('utf8'));
    return plan;
  } catch (error) {
    if (error instanceof OrchestraError && error.code === 'ARTIFACT_MISSING') return null;
    throw error;
  }
}

function groupByRun(events: readonly Received<Topic>[]): Map<string, Received<Topic>[]> {
  const unique = [...new Map(events.map((event) => [event.id, event])).values()];
  return Map.groupBy(
    unique.toSorted((left, right) => left.time.getTime() - right.time.getTime()),
    ({ runId }) => runId,
  );
}
