import type { DeploymentPlan } from './plan.ts';

/** Whom a release into an environment waits for before it changes anything there. */
export interface ApprovalRules {
  /** How many different people have to approve. */
  count: number;
  /** Who may answer, by the names of their tokens. With no name and no group: everybody who may give orders. */
  approvers: readonly string[];
  /** Groups whose members may answer; the installation knows who is in them. */
  groups: readonly string[];
  /** Whether the approval of the author of the push counts. */
  allowAuthor: boolean;
  /** How long a release waits for its approvals, and how long one that was given before holds. */
  expiresMs: number;
}

/** How long releases may wait for people, in milliseconds. `before`: only in the environments before this one. */
export function approvalWaitsMs(
  deployment: Pick<DeploymentPlan, 'environments' | 'approvals'> | null,
  before: string | null = null,
): number {
  const { environments = [], approvals = {} } = deployment ?? {};
  const rules = new Map(Object.entries(approvals));
  const counted = before === null ? environments : environments.slice(0, Math.max(0, environments.indexOf(before)));
  let sum = 0;
  for (const environment of counted) sum += rules.get(environment)?.expiresMs ?? 0;
  return sum;
}
