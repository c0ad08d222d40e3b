interface Approving {
  actor: string;
  /** Names; with no name and no group everybody may answer who may give orders. */
  approvers: readonly string[];
  groups?: readonly string[];
  /** The groups that this person is in. */
  memberOf?: readonly string[];
}

/** Whether a person may answer a question that is put to some people only. */
export function mayAnswer({ actor, approvers, groups = [], memberOf = [] }: Approving): boolean {
  if (approvers.length === 0 && groups.length === 0) return true;
  return approvers.includes(actor) || memberOf.some((group) => groups.includes(group));
}
