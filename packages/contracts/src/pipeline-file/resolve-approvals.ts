import type { ApprovalRules } from '../plan/approval-rules.ts';
import { toMs } from './fields.ts';
import type { PipelineFile } from './schema.ts';

type Written = NonNullable<PipelineFile['deployment']>['approvals'];

/** The approvals of each environment; nothing where none is asked for. */
export function resolveApprovals(approvals: Written): { approvals?: Readonly<Record<string, ApprovalRules>> } {
  if (approvals === undefined) return {};
  const entries = approvals.map((written): [string, ApprovalRules] => {
    const { environment, count, approvers, groups, allow_author: allowAuthor, expires_seconds: expires } = written;
    return [environment, { count, approvers, groups, allowAuthor, expiresMs: toMs(expires) }];
  });
  return { approvals: Object.fromEntries(entries) };
}
