import { accept } from './scripts/accept.ts';
import { acceptAndClaim } from './scripts/accept-and-claim.ts';
import { acknowledge } from './scripts/acknowledge.ts';
import { admit } from './scripts/admit.ts';
import { answer } from './scripts/answer.ts';
import { changeTarget } from './scripts/change-target.ts';
import { claimDirty } from './scripts/claim-dirty.ts';
import { claim } from './scripts/claim.ts';
import { enqueue } from './scripts/enqueue.ts';
import { findRun } from './scripts/find-run.ts';
import { finish } from './scripts/finish.ts';
import { keepSample } from './scripts/keep-sample.ts';
import { listRuns } from './scripts/list-runs.ts';
import { listTargets } from './scripts/list-targets.ts';
import { nextDue } from './scripts/next-due.ts';
import { noteHead } from './scripts/note-head.ts';
import { note } from './scripts/note.ts';
import { park } from './scripts/park.ts';
import { plainCommand } from './scripts/plain-command.ts';
import { readAudit } from './scripts/read-audit.ts';
import { readJobs } from './scripts/read-jobs.ts';
import { readOutbox } from './scripts/read-outbox.ts';
import { reap } from './scripts/reap.ts';
import { release } from './scripts/release.ts';
import { renew } from './scripts/renew.ts';
import { restoreRun } from './scripts/restore-run.ts';
import { retryLater } from './scripts/retry-later.ts';
import { retry } from './scripts/retry.ts';
import { setWish } from './scripts/set-wish.ts';
import { settleAndClaimDirty } from './scripts/settle-and-claim-dirty.ts';
import { settleDirty } from './scripts/settle-dirty.ts';
import { stats } from './scripts/stats.ts';
import { takeRelay } from './scripts/take-relay.ts';
import { writeAudit } from './scripts/write-audit.ts';
import { writeRendered } from './scripts/write-rendered.ts';

/** Every atomic step of the store by its name: one Lua text each, which Redis runs to its end without another between. */
export const scripts = {
  accept,
  acceptAndClaim,
  acknowledge,
  admit,
  answer,
  changeTarget,
  claim,
  claimDirty,
  enqueue,
  findRun,
  finish,
  keepSample,
  listRuns,
  listTargets,
  nextDue,
  note,
  noteHead,
  park,
  plainCommand,
  readAudit,
  readJobs,
  readOutbox,
  reap,
  release,
  renew,
  restoreRun,
  retry,
  retryLater,
  setWish,
  settleAndClaimDirty,
  settleDirty,
  stats,
  takeRelay,
  writeAudit,
  writeRendered,
} as const;

export type ScriptName = keyof typeof scripts;
