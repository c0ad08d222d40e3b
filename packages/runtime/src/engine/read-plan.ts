import { OrchestraError, type Plan, type RunState } from '@orchestra/contracts';
import type { ArtifactStore } from '../ports/artifact-store.ts';

const maxPlanBytes = 1_048_576;

/** Reads the plan of a run. @throws OrchestraError `ARTIFACT_MISSING`: its pipeline file was not valid, or the bytes are gone */
export async function readPlan(run: RunState | null, artifacts: Pick<ArtifactStore, 'read'>): Promise<Plan> {
  const digest = run?.slices.gitops.source?.planDigest ?? null;
  if (digest === null)
    throw new OrchestraError('ARTIFACT_MISSING', 'The run has no plan: its pipeline file was not valid');
  // The digest is the proof that these are the bytes which gitops wrote from a parsed file.
  const plan: Plan = JSON.parse((await artifacts.read(digest, maxPlanBytes)).toString('utf8'));
  return plan;
}
