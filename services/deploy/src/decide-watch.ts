import type { ReleaseHealth } from '@orchestra/contracts';
import type { Answer } from './answer.ts';

export type WatchEnd =
  | { kind: 'wait'; reason: 'watch' }
  | {
      kind: 'end';
      status: 'success' | 'failure' | 'unknown' | 'error';
      reason: WatchReason;
      health: ReleaseHealth | null;
    };

type WatchReason =
  | 'watched'
  | 'replaced'
  | 'released_unjudged'
  | 'unwatched'
  | 'rolled_back'
  | 'degraded'
  | 'target_blocked'
  | 'watch_unanswered';

/** How a release that serves ends its run. `health` is written to the target; null: somebody else has done it, or nobody may. */
export function decideWatchEnd({ answer, timedOut }: { answer: Answer | null; timedOut: boolean }): WatchEnd {
  if (answer?.kind === 'health') return byHealth(answer);
  if (answer?.kind === 'rollback') return byRollback(answer);
  // Nobody has looked: the release serves, and is never called healthy for it.
  if (timedOut) return { kind: 'end', status: 'error', reason: 'watch_unanswered', health: 'unknown' };
  return { kind: 'wait', reason: 'watch' };
}

function byHealth({ verdict, reason }: Extract<Answer, { kind: 'health' }>): WatchEnd {
  if (reason === 'replaced') return { kind: 'end', status: 'success', reason: 'replaced', health: null };
  // Watching is switched off, and that is no judgement.
  if (reason === 'not_watched') return { kind: 'end', status: 'success', reason: 'unwatched', health: 'unwatched' };
  if (verdict === 'HEALTHY') return { kind: 'end', status: 'success', reason: 'watched', health: 'healthy' };
  return { kind: 'end', status: 'success', reason: 'released_unjudged', health: 'unknown' };
}

function byRollback({ outcome }: Extract<Answer, { kind: 'rollback' }>): WatchEnd {
  if (outcome === 'restored') return { kind: 'end', status: 'failure', reason: 'rolled_back', health: null };
  if (outcome === 'refused') return { kind: 'end', status: 'failure', reason: 'degraded', health: 'bad' };
  return { kind: 'end', status: 'unknown', reason: 'target_blocked', health: 'bad' };
}
