import { approvalWaitsMs } from '../plan/approval-rules.ts';
import type { ChatopsPlan, NotifyOn, Plan } from '../plan/plan.ts';
import { conditionBranches } from './condition.ts';
import { toMs } from './fields.ts';
import { judgeLanguage } from './language.ts';
import { resolveBuild } from './resolve-build.ts';
import { resolveAnalysis, resolveTesting } from './resolve-checks.ts';
import { resolveDeployment } from './resolve-deployment.ts';
import { resolveInfrastructure } from './resolve-infrastructure.ts';
import { resolveObservability, resolveRollback } from './resolve-observability.ts';
import type { PipelineFile } from './schema.ts';
import type { IsWritten } from './written.ts';

/** Turns a file that passed all checks into the plan of a run: every default set, every value in the units of a plan. */
export function resolvePlan(file: PipelineFile, isWritten: IsWritten): Plan {
  const language = projectLanguage(file.project);
  const family = judgeLanguage(language);
  const deployment = resolveDeployment(file, isWritten);
  return {
    project: { name: file.project.name, language },
    triggers: {
      branches: conditionBranches(file) ?? file.triggers.branches,
      pullRequests: file.triggers.pull_requests,
    },
    licenses: file.licenses,
    build: resolveBuild(file, family, isWritten),
    codeAnalysis: resolveAnalysis(file, family, isWritten),
    testing: resolveTesting(file, family, isWritten),
    infrastructure: resolveInfrastructure(file, isWritten),
    deployment,
    observability: resolveObservability(file, isWritten),
    rollback: resolveRollback(file),
    chatops: resolveChatops(file),
    // People take longer than stages; a deadline that is written stands.
    runDeadlineMs:
      toMs(file.run.deadline_seconds) + (isWritten('run', 'deadline_seconds') ? 0 : approvalWaitsMs(deployment)),
    gateDeadlineMs: toMs(file.run.gate_deadline_seconds),
  };
}

/** The language of a project, also from the older pair of keys. */
export function projectLanguage(project: PipelineFile['project']): string | null {
  return project.language ?? project['backend-language'] ?? project['frontend-language'] ?? null;
}

function resolveChatops({ chatops, pipeline }: PipelineFile): ChatopsPlan {
  const told = chatops?.notify_on ?? olderNotices(pipeline?.notify_on_success ?? true);
  const enabled = chatops !== undefined && chatops.enabled && chatops.platform !== 'none';
  return {
    enabled,
    platform: enabled ? 'slack' : 'none',
    channel: chatops?.channel ?? null,
    notifyOn: [...new Set(told)],
  };
}

function olderNotices(success: boolean): readonly NotifyOn[] {
  return success ? ['success', 'failure', 'rollback', 'approval'] : ['failure', 'rollback', 'approval'];
}
