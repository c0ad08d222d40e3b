import type { PipelineFile } from './schema.ts';
import type { StageLimits } from '../plan/plan.ts';
import { toMs } from './fields.ts';
import type { IsWritten } from './written.ts';

export type StageName = 'build' | 'test' | 'code_analysis' | 'infrastructure' | 'deploy';

/** One stage of the older staged form. */
export interface ListedStage {
  name: string;
  halt_on_failure?: boolean | undefined;
  condition?: string | undefined;
}

/** The stages of the older staged form in their order; null when the file does not have it. */
export function listedStages(file: Pick<PipelineFile, 'pipeline'>): readonly ListedStage[] | null {
  const stages = file.pipeline?.stages;
  if (stages === undefined) return null;
  return stages.map((stage) => (typeof stage === 'string' ? { name: stage } : stage));
}

const sections = {
  build: 'build',
  test: 'testing',
  code_analysis: 'code_analysis',
  infrastructure: 'infrastructure',
  deploy: 'deployment',
} as const satisfies Record<StageName, keyof PipelineFile>;

/** Whether a stage runs: its own section decides where it speaks, else the older list of stages. */
export function isStageEnabled(stage: StageName, file: PipelineFile, isWritten: IsWritten): boolean {
  const section = file[sections[stage]];
  if (section === undefined) return false;
  if (isWritten(sections[stage], 'enabled')) return section.enabled;
  const listed = listedStages(file);
  return listed === null ? section.enabled : listed.some(({ name }) => name === stage);
}

/** The limits of a stage, with what the older staged form says where the section itself does not. */
export function resolveLimits(
  stage: 'build' | 'test' | 'code_analysis',
  file: PipelineFile,
  isWritten: IsWritten,
): StageLimits {
  const section = file[sections[stage]];
  const retries = file.pipeline?.retry_on_failure;
  const halt = listedStages(file)?.find(({ name }) => name === stage)?.halt_on_failure;
  return {
    timeoutMs: toMs(section.timeout_seconds),
    attempts: retries === undefined || isWritten(sections[stage], 'attempts') ? section.attempts : toAttempts(retries),
    haltOnFailure: halt === undefined || isWritten(sections[stage], 'halt_on_failure') ? section.halt_on_failure : halt,
  };
}

function toAttempts(retries: boolean | number): number {
  if (typeof retries === 'number') return retries + 1;
  return retries ? 3 : 1;
}
