import type { ServiceName, SlicePatch } from '@orchestra/contracts';
import type { ClaimedJob } from '../ports/jobs.ts';
import type { TargetChange } from '../ports/run-store.ts';
import type { TargetWrite } from '../service/definition.ts';

/** The keys of a slice as the store keeps them. */
export function sliceOf<S extends ServiceName>(patch: SlicePatch<S> | undefined): Record<string, string | null> {
  const entries = Object.entries(patch ?? {}).map(([key, value]): [string, string | null] => [
    key,
    value === null || value === undefined ? null : JSON.stringify(value),
  ]);
  return Object.fromEntries(entries);
}

/** A target document as the store keeps it. */
export function targetOf(job: ClaimedJob, write: TargetWrite, now: Date): TargetChange {
  const { key, expected, target, wake = [], quarantine = [], unlessQuarantined = null } = write;
  return {
    key,
    expected,
    target: JSON.stringify(target),
    wake: wake.map(({ service, jobId, memo }) => ({
      service,
      jobId,
      memo: memo === null ? null : JSON.stringify(memo),
    })),
    quarantine: quarantine.map((entry) => ({ ...entry, runId: job.runId ?? '', at: now.toISOString() })),
    unlessQuarantined,
  };
}
