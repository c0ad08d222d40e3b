import type { ApprovalSlice, RunState, VoidApproval } from '@orchestra/contracts';
import type { ApprovalSubject } from './approval-subject.ts';
import type { Work } from './work.ts';

// Newer pushes come in a row: whoever was asked last is among these.
const lookedAt = 20;

/** Approvals that were given to what this release replaces, before it was a release: they are for something else. */
export async function findVoid(work: Work, subject: ApprovalSubject): Promise<readonly VoidApproval[]> {
  const { context, name } = work;
  const { run } = context;
  const own = ofRun(run, name);
  if (own !== null && own.generation < context.job.generation) return voided(own, { subject, run: run.sequence });
  const { repository, runId, ref } = run;
  const earlier = await context.store.listRuns({ repository, limit: lookedAt, before: runId });
  const last = earlier.filter((each) => each.ref === ref).find((each) => ofRun(each, name) !== null);
  const asked = last === undefined ? null : ofRun(last, name);
  // What was released had its approvals for itself.
  if (last === undefined || asked === null || asked.state === 'granted') return [];
  return voided(asked, { subject, run: last.sequence });
}

function ofRun(
  { slices }: Pick<RunState, 'slices'>,
  { environment, service }: { environment: string; service: string },
): ApprovalSlice | null {
  return slices.deploy[`${environment}/${service}`]?.approval ?? null;
}

function voided(
  { digest, artifact, approved }: ApprovalSlice,
  { subject, run }: { subject: ApprovalSubject; run: number },
): readonly VoidApproval[] {
  if (digest === subject.digest) return [];
  const reason = artifact === subject.artifact ? 'configuration_changed' : 'artifact_changed';
  return approved.map(({ actor }) => ({ actor, reason, run }));
}
