import { renderApproval, type ApprovalSlice } from '@orchestra/contracts';

/** The sentence with which people are asked. */
export function renderQuestion(environment: string, approval: ApprovalSlice): string {
  return `${environment} waits: ${renderApproval(approval).join('; ')}`;
}
