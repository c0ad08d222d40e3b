import {
  planUnits,
  type ParsedPipelineFile,
  type Plan,
  type PlannedUnit,
  type Problem,
  type Trigger,
} from '@orchestra/contracts';

export interface Facts {
  trigger: Trigger;
  branch: string | null;
  environmentLimit: string | null;
  /** Whether a branch fits a pattern of the file. */
  branchFits: boolean;
  /** Null: the commit has no pipeline file. */
  parsed: ParsedPipelineFile | null;
}

export type PlanDecision =
  | { kind: 'run'; plan: Plan; units: PlannedUnit[]; hopsLimit: number }
  | { kind: 'not_needed'; reason: 'branch_not_selected' | 'pull_requests_off'; message: string }
  | {
      kind: 'refuse';
      reason: 'pipeline_file_missing' | 'pipeline_file_invalid' | 'environment_unknown';
      problems: Problem[];
    };

/** What the pipeline file makes of a push: a plan, nothing, or a refusal with all its problems. */
export function decidePlan({ trigger, branch, environmentLimit, branchFits, parsed }: Facts): PlanDecision {
  if (parsed === null)
    return refuse('pipeline_file_missing', [problem('The commit has no devops_orchestra.yaml at its root')]);
  if (!parsed.ok) return { kind: 'refuse', reason: 'pipeline_file_invalid', problems: parsed.problems };

  const { plan } = parsed;
  const notNeeded = judgeTriggers(plan.triggers, { trigger, branch, branchFits });
  if (notNeeded !== null) return notNeeded;
  const environments = plan.deployment?.environments ?? [];
  if (environmentLimit !== null && !environments.includes(environmentLimit)) {
    return refuse('environment_unknown', [problem(`The file has no environment ${environmentLimit}`)]);
  }
  return accept(trigger === 'PULL_REQUEST' ? { ...plan, deployment: null } : plan, environmentLimit);
}

// Whoever asks by hand for a run gets it, whatever the branch.
function judgeTriggers(
  triggers: Plan['triggers'],
  { trigger, branch, branchFits }: Pick<Facts, 'trigger' | 'branch' | 'branchFits'>,
): PlanDecision | null {
  if (trigger === 'PULL_REQUEST' && !triggers.pullRequests) {
    return { kind: 'not_needed', reason: 'pull_requests_off', message: 'Not needed: pull requests do not run here' };
  }
  if (trigger !== 'PUSH' || branchFits) return null;
  const message = `Not needed: ${branch ?? 'this ref'} is not in triggers.branches`;
  return { kind: 'not_needed', reason: 'branch_not_selected', message };
}

// What a pull request proposes is built and tested; it reaches no environment.
function accept(plan: Plan, environmentLimit: string | null): PlanDecision {
  const units = planUnits({ plan, environmentLimit });
  const rollouts = units.filter(({ service }) => service === 'deploy').length;
  const steps = rollouts * (plan.deployment?.steps.length ?? 0);
  return { kind: 'run', plan, units, hopsLimit: 16 + 4 * steps };
}

/** What a run consists of whose pipeline file cannot be used: its stages have to end as well, and deploy is none of them. */
export function planWithoutFile(): { units: PlannedUnit[]; deadlineMs: number; hopsLimit: number } {
  const anHour = 3_600_000;
  const units = planUnits({ plan: { deployment: null, gateDeadlineMs: anHour }, environmentLimit: null });
  return { units, deadlineMs: anHour, hopsLimit: 16 };
}

function refuse(reason: 'pipeline_file_missing' | 'environment_unknown', problems: Problem[]): PlanDecision {
  return { kind: 'refuse', reason, problems };
}

/** A problem of the file as a whole. */
function problem(message: string): Problem {
  return { path: '', line: 1, column: 1, message, suggestion: null, frame: '' };
}
