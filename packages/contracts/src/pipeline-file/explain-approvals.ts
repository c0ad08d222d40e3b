import type { ApprovalRules } from '../plan/approval-rules.ts';
import { renderDuration } from './render-plan-values.ts';

/** Whom a release waits for, as the beginning of a sentence; empty: nobody. */
export function explainApprovals(rules: ApprovalRules | undefined): string {
  if (rules === undefined) return '';
  const { count, allowAuthor, expiresMs } = rules;
  const approvals = count === 1 ? '1 approval' : `${count} approvals`;
  const author = allowAuthor ? '' : ', not by the author';
  return `waits up to ${renderDuration(expiresMs)} for ${approvals} of ${renderApprovers(rules)}${author}; then `;
}

/** Who may approve, in words. */
export function renderApprovers({ approvers, groups }: Pick<ApprovalRules, 'approvers' | 'groups'>): string {
  const all = [...approvers, ...groups.map((group) => `the group ${group}`)];
  return all.length === 0 ? 'anybody who may give orders' : all.join(' or ');
}
