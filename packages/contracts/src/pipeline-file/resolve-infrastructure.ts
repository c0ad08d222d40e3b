import type { InfrastructureRules } from '../plan/infrastructure-rules.ts';
import type { InfrastructurePlan } from '../plan/plan.ts';
import { toMs } from './fields.ts';
import { resolveEphemeral } from './resolve-environments.ts';
import type { PipelineFile } from './schema.ts';
import { isStageEnabled } from './stages.ts';
import type { IsWritten } from './written.ts';

type Written = NonNullable<PipelineFile['infrastructure']>;

export function resolveInfrastructure(file: PipelineFile, isWritten: IsWritten): InfrastructurePlan | null {
  const { infrastructure } = file;
  if (infrastructure === undefined || !isStageEnabled('infrastructure', file, isWritten)) return null;
  const ephemeral = resolveEphemeral(file.deployment);
  return {
    tool: infrastructure.tool,
    path: infrastructure.path,
    planTimeoutMs: toMs(infrastructure.plan_timeout_seconds),
    applyTimeoutMs: toMs(infrastructure.apply_timeout_seconds),
    rules: resolveRules(infrastructure),
    ...resolveTemplate(infrastructure),
    ...(infrastructure.proposal ? { proposal: true } : {}),
    ...(ephemeral.length === 0 ? {} : { ephemeral }),
  };
}

function resolveRules({ policy, approval, approvers, ...written }: Written): InfrastructureRules {
  const drift = written.drift_check_seconds;
  return {
    denyTypes: policy.deny_types,
    denyDestroy: policy.deny_destroy,
    maxChanges: policy.max_changes ?? null,
    approval,
    approvers,
    approvalTimeoutMs: toMs(written.approval_timeout_seconds),
    driftCheckMs: drift === undefined ? null : toMs(drift),
  };
}

const gib = 1024 ** 3;

function resolveTemplate({ template, quota }: Written): Pick<InfrastructurePlan, 'template'> {
  if (template === 'none') return {};
  const memoryBytes = Math.round(quota.memory_gib * gib);
  return { template: { kind: template, cpu: quota.cpu, memoryBytes, pods: quota.pods } };
}
