import { renderApprovers } from '../pipeline-file/explain-approvals.ts';
import type { ApprovalSlice, PreflightSlice, VoidApproval } from './slices.ts';

/** What a release waits for and what it has, in lines for people. Names in them are foreign text. */
export function renderApproval(approval: ApprovalSlice): string[] {
  const { state, count, approved, author, until, artifact, voided } = approval;
  const given = approved.length === 0 ? 'nobody' : approved.map(({ actor }) => actor).join(', ');
  const missing = Math.max(0, count - approved.length);
  const open = `${missing} missing, of ${renderApprovers(approval)}${author === null ? '' : `, not of the author ${author}`}, until ${until}`;
  return [
    `${approved.length} of ${count} approvals (${given}) for ${artifact}`,
    ...(state === 'waiting' ? [open] : [state]),
    ...voided.map(renderVoid),
  ];
}

const because: Record<VoidApproval['reason'], string> = {
  artifact_changed: 'it was for another artifact',
  configuration_changed: 'it was for another configuration',
  expired: 'it was given too long before',
};

function renderVoid({ actor, reason, run }: VoidApproval): string {
  return `the approval of ${actor} in run #${run} is void: ${because[reason]}`;
}

/** What was found before the first step, in lines for people. Names of files in them are foreign text. */
export function renderPreflight({
  reason,
  to,
  risk,
  terms,
  configuration,
}: Omit<PreflightSlice, 'generation'>): string[] {
  const way = reason === 'can_go_back' ? `can go back to ${to ?? '?'}` : `no way back by itself: ${reason}`;
  const named = terms.map(({ term, points }) => `${term} ${points}`).join(', ');
  return [
    way,
    `risk ${risk} of 100${named === '' ? '' : ` (${named})`}`,
    ...(configuration.length === 0 ? [] : [`configuration changed: ${configuration.slice(0, 10).join(', ')}`]),
  ];
}
