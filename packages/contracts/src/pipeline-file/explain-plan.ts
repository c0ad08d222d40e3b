import { explainApprovals } from './explain-approvals.ts';
import { usualInfrastructureRules, type InfrastructureRules } from '../plan/infrastructure-rules.ts';
import type { BuildPlan, DeploymentPlan, InfrastructurePlan, Plan, StageLimits, ServicePlan } from '../plan/plan.ts';
import { portIn } from '../plan/port-in.ts';
import type { PlannedUnit } from '../run-state/run.ts';
import type { ServiceName } from '../topics.ts';
import { planUnits, readInfrastructureUnit, readTargetUnit, unitNames } from '../units.ts';
import { explainObservability, explainRollback } from './explain-watch.ts';
import { renderArguments, renderDuration } from './render-plan-values.ts';

/** What one service will do in a run of the plan. */
export interface PlanLine {
  service: ServiceName;
  /** Null for what belongs to the whole run. */
  unit: string | null;
  /** The units it waits for. */
  after: readonly string[];
  does: string;
}

/** Says which service will do what, unit by unit, in an order in which it could happen. */
export function explainPlan(plan: Plan): PlanLine[] {
  const units = planUnits({ plan, environmentLimit: null });
  return [
    ...units.map(({ unit, service, after }) => ({ unit, service, after, does: explainUnit(plan, { unit, service }) })),
    { service: 'rollback', unit: null, after: [], does: explainRollback(plan) },
    { service: 'chatops', unit: null, after: [], does: explainChatops(plan) },
  ];
}

function explainUnit(plan: Plan, { unit, service }: Pick<PlannedUnit, 'unit' | 'service'>): string {
  switch (unit) {
    case unitNames.gitops:
      return explainSource(plan);
    case unitNames.build:
      return explainBuild(plan);
    case unitNames.source:
      return explainAnalysis(plan);
    case unitNames.artifact:
      return explainScan(plan);
    case unitNames.test:
      return explainTests(plan);
    default:
      return service === 'iac' ? explainInfrastructure(plan.infrastructure, unit) : explainTarget(plan, unit);
  }
}

function explainSource({ triggers, licenses, runDeadlineMs }: Plan): string {
  const requests = triggers.pullRequests ? ' and pull requests' : '';
  const { deny, allow } = licenses;
  const audit = [
    ...(deny.length > 0 ? [`refuses licences ${deny.join(', ')}`] : []),
    ...(allow.length > 0 ? [`allows only licences ${allow.join(', ')}`] : []),
  ];
  const branches = triggers.branches.length === 0 ? 'no branch' : triggers.branches.join(', ');
  return [
    `runs pushes to ${branches}${requests}`,
    ...audit,
    `ends the run after ${renderDuration(runDeadlineMs)}`,
  ].join('; ');
}

const switchedOff = 'nothing: switched off';

function explainBuild({ build }: Plan): string {
  if (!build.enabled) return switchedOff;
  const archive = build.tool === 'npm' || build.tool === 'command' ? [`archives ${build.output.join(', ')}`] : [];
  const folder = build.context === '.' ? [] : [`in ${build.context}`];
  return [renderBuilder(build), ...folder, ...archive, renderLimits(build)].join('; ');
}

function renderBuilder({ tool, command, image, dockerfile }: BuildPlan): string {
  if (tool === 'docker' || tool === 'buildah') return `builds image ${image ?? ''} from ${dockerfile} with ${tool}`;
  if (command === null) return `builds with ${tool}`;
  return command.join(' ') === 'true' ? 'packs the workspace as it is' : `runs ${renderArguments(command) ?? ''}`;
}

function explainAnalysis({ codeAnalysis }: Plan): string {
  if (!codeAnalysis.enabled) return switchedOff;
  if (codeAnalysis.tools.length === 0) return 'nothing: no tools for this language';
  const tools = codeAnalysis.tools.map(({ name, command }) =>
    command === null ? name : `${name} (${renderArguments(command) ?? ''})`,
  );
  return [
    `analyses the source with ${tools.join(', ')}`,
    `fails on ${codeAnalysis.failOn}`,
    renderLimits(codeAnalysis),
  ].join('; ');
}

function explainScan({ codeAnalysis }: Plan): string {
  if (!codeAnalysis.enabled) return switchedOff;
  const { artifactScan, failOn } = codeAnalysis;
  if (artifactScan === null) return 'nothing: no artifact_scan';
  return `scans the artifact with ${renderArguments(artifactScan.command) ?? ''}; fails on ${failOn}`;
}

function explainTests({ testing }: Plan): string {
  if (!testing.enabled) return 'nothing: switched off, or no tests known for this language';
  const runner = testing.framework === 'command' ? '' : ` with ${testing.framework}`;
  const command = testing.command === null ? '' : ` (${renderArguments(testing.command) ?? ''})`;
  const repeats = testing.retryFailed === 0 ? [] : [`repeats failed tests ${testing.retryFailed} times`];
  return [`tests${runner}${command}`, ...repeats, renderLimits(testing)].join('; ');
}

function explainInfrastructure(infrastructure: InfrastructurePlan | null, unit: string): string {
  if (infrastructure === null) return 'nothing: no infrastructure';
  const tool = infrastructure.tool === 'auto' ? 'terraform or opentofu, whichever is installed' : infrastructure.tool;
  const does = `plans and applies ${infrastructure.path} for ${readInfrastructureUnit(unit) ?? ''} with ${tool}`;
  const proposes = infrastructure.proposal === true ? [explainedProposal] : [];
  return [does, ...explainRules(infrastructure.rules ?? usualInfrastructureRules), ...proposes].join('; ');
}

// Whether the platform has a model, no file can know.
const explainedProposal =
  'without a configuration asks a language model for a patch for people, which is never applied ' +
  '(proposes nothing unless iac has OPENAI_API_KEY and OPENAI_MODEL)';

function explainRules({ denyTypes, denyDestroy, maxChanges, ...asked }: InfrastructureRules): string[] {
  const who = asked.approvers.length === 0 ? 'a person' : asked.approvers.join(' or ');
  const before = asked.approval === 'changes' ? 'before it changes anything' : 'before it destroys';
  const isAsked = asked.approval === 'changes' || !denyDestroy;
  return [
    ...(denyTypes.length === 0 ? [] : [`refuses to touch ${denyTypes.join(', ')}`]),
    ...(denyDestroy ? ['refuses to destroy'] : []),
    ...(maxChanges === null ? [] : [`refuses more than ${maxChanges} changes`]),
    ...(isAsked ? [`asks ${who} ${before}, for ${renderDuration(asked.approvalTimeoutMs)}`] : []),
    ...(asked.driftCheckMs === null ? [] : [`looks for drift every ${renderDuration(asked.driftCheckMs)}`]),
  ];
}

function explainTarget(plan: Plan, unit: string): string {
  const target = readTargetUnit(unit);
  const service = plan.deployment?.services.find(({ name }) => name === target?.service);
  if (plan.deployment === null || target === null || service === undefined) return 'nothing: no deployment';
  if (unit.startsWith('observe/')) return explainObservability(plan);
  const asks = explainApprovals(new Map(Object.entries(plan.deployment.approvals ?? {})).get(target.environment));
  return `${asks}${renderMoves(plan.deployment)} to ${explainReplicas(plan.deployment, service, target.environment)}`;
}

function explainReplicas({ namespaces }: DeploymentPlan, service: ServicePlan, environment: string): string {
  const { replicas } = service;
  const port = portIn(service, environment);
  const namespace = new Map(Object.entries(namespaces ?? {})).get(environment);
  if (namespace !== undefined) {
    return `${replicas} ${replicas === 1 ? 'pod' : 'pods'} in the namespace ${namespace} on port ${port}`;
  }
  const command = renderArguments(service.command) ?? '';
  return `${replicas} ${plural('process', replicas)} of ${command} on ${port === 0 ? 'any free port' : `port ${port}`}`;
}

function renderMoves({ strategy, steps }: DeploymentPlan): string {
  return `moves traffic (${strategy}: ${steps.map(({ weightPercent }) => `${weightPercent} %`).join(', ')})`;
}

function plural(word: string, count: number): string {
  return count === 1 ? word : `${word}es`;
}

function explainChatops({ chatops }: Plan): string {
  if (!chatops.enabled) return 'shows the run on its page; sends no messages';
  const channel = chatops.channel === null ? '' : ` in ${chatops.channel}`;
  return `tells ${chatops.platform}${channel} of ${chatops.notifyOn.join(', ')}`;
}

function renderLimits({ timeoutMs, attempts, haltOnFailure }: StageLimits): string {
  const halt = haltOnFailure ? ', halts the run on failure' : '';
  return `at most ${renderDuration(timeoutMs)}, ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}${halt}`;
}
