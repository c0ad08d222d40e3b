/** What an infrastructure plan may do, and who is asked before it does it. */
export interface InfrastructureRules {
  /** Types of resources that no plan may touch, such as `aws_iam_user`; `*` at the end stands for any text. */
  denyTypes: readonly string[];
  /** Whether a plan that destroys or replaces anything is refused, so that not even a person can let it through. */
  denyDestroy: boolean;
  /** The most resources that one plan may add, change, replace and destroy together; null: any number. */
  maxChanges: number | null;
  /** Which plans wait for a person. Those that destroy or replace always do. */
  approval: 'destroys' | 'changes';
  /** Who may answer; empty: everybody who may give orders. */
  approvers: readonly string[];
  /** How long a plan waits for its answer. */
  approvalTimeoutMs: number;
  /** How often what was applied is compared with the world; null: never. */
  driftCheckMs: number | null;
}

/** The rules of a file that says nothing about them. */
export const usualInfrastructureRules: InfrastructureRules = {
  denyTypes: [],
  denyDestroy: false,
  maxChanges: null,
  approval: 'destroys',
  approvers: [],
  approvalTimeoutMs: 86_400_000,
  driftCheckMs: null,
};
