export * from './codec/decode-payload.ts';
export * from './codec/encode-payload.ts';
export * from './codec/frame.ts';
export * from './codec/local-codec.ts';
export * from './errors.ts';
export * from './events.generated.ts';
export { foldEvents } from './fold/fold-events.ts';
export * from './fold/folded-run.ts';
export { foldFreezes } from './fold/fold-freezes.ts';
export { foldInfrastructure, type InfrastructureFacts } from './fold/fold-infrastructure.ts';
export { foldTargets, reconcileTarget, type SeenTarget, type TargetFacts } from './fold/fold-targets.ts';
export { isOf } from './fold/is-of.ts';
export type { PlannedRelease } from './fold/planned-release.ts';
export { judgeFolded } from './fold/judge-folded.ts';
export { oneLine } from './one-line.ts';
export * from './pipeline-file/explain-plan.ts';
export { targetName } from './pipeline-file/fields.ts';
export * from './pipeline-file/parse-pipeline-file.ts';
export * from './pipeline-file/parse-slo-file.ts';
export { sloFileOf, withSloFile } from './pipeline-file/with-slo-file.ts';
export { usualQueries } from './pipeline-file/resolve-judgement.ts';
export * from './pipeline-file/render-explanation.ts';
export * from './pipeline-file/render-problems.ts';
export { pipelineFileJsonSchema, schemaTree, type SchemaNode } from './pipeline-file/schema-tree.ts';
export * from './plan/approval-rules.ts';
export { findOpening, type Opening, type WindowsPlan } from './plan/find-opening.ts';
export * from './plan/infrastructure-rules.ts';
export type { HookPlan, HooksPlan, InputsPlan } from './plan/inputs.ts';
export { releaseGroup } from './plan/release-group.ts';
export { renderLocalTime } from './plan/local-time.ts';
export * from './plan/may-be-destroyed.ts';
export * from './plan/own-metrics.ts';
export * from './plan/plan.ts';
export * from './plan/port-in.ts';
export * from './plan/problem.ts';
export { parseLinePattern, type LinePattern } from './plan/line-pattern.ts';
export * from './run-state/asked-of-person.ts';
export * from './run-state/describe-judgement.ts';
export { renderApproval, renderPreflight } from './run-state/render-approval.ts';
export { renderDrift } from './run-state/render-drift.ts';
export { renderProposal } from './run-state/render-proposal.ts';
export { mayAnswer } from './run-state/may-answer.ts';
export * from './run-state/overall.ts';
export * from './run-state/resolution.ts';
export * from './run-state/run.ts';
export * from './run-state/slices.ts';
export * from './run-state/status.ts';
export * from './run-state/unattended.ts';
export { releasedSchemas } from './released-schemas.generated.ts';
export { schemas } from './schemas.generated.ts';
export * from './target/advance-rollout.ts';
export { findBreach, type Breach } from './target/find-breach.ts';
export * from './target/freeze.ts';
export { extendWatch, extendedMs } from './target/extend-watch.ts';
export { readLabels, type CommitLabels } from './target/read-labels.ts';
export { judgeWayBack, type Brings, type ClosedWayBack, type WayBack } from './target/judge-way-back.ts';
export * from './target/seize-target.ts';
export { resolveByWord, servingByWord } from './target/resolve-by-word.ts';
export {
  infrastructureName,
  untouchedInfrastructure,
  type EnvironmentInfrastructure,
} from './target/infrastructure.ts';
export { leaveLane, takeLane, type LaneAnswer, type LaneRequest } from './target/take-lane.ts';
export * from './target/target.ts';
export * from './target/world-key.ts';
export {
  compareAge,
  findCurrent,
  findRelease,
  ownedLane,
  type Moved,
  type Mover,
  type TargetRefusal,
  type Transition,
  type Wake,
} from './target/transition.ts';
export { topics } from './topics.generated.ts';
export * from './topics.ts';
export * from './units.ts';
