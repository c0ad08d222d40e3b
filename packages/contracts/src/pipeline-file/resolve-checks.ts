import type { AnalysisPlan, TestPlan } from '../plan/plan.ts';
import { toArguments } from './fields.ts';
import type { LanguageFamily } from './language.ts';
import type { PipelineFile } from './schema.ts';
import { isStageEnabled, resolveLimits } from './stages.ts';
import type { IsWritten } from './written.ts';

export function resolveAnalysis(file: PipelineFile, family: LanguageFamily, isWritten: IsWritten): AnalysisPlan {
  const { tools, artifact_scan: scan, fail_on: failOn } = file.code_analysis;
  const byDefault = family === 'javascript' || family === 'unknown' ? ['oxlint'] : [];
  return {
    enabled: isStageEnabled('code_analysis', file, isWritten),
    tools: (tools ?? byDefault).map((tool) => resolveTool(tool)),
    artifactScan: scan === undefined ? null : { command: toArguments(scan.command), report: scan.report ?? null },
    failOn,
    ...resolveLimits('code_analysis', file, isWritten),
  };
}

type WrittenTool = NonNullable<PipelineFile['code_analysis']['tools']>[number];

function resolveTool(tool: WrittenTool): AnalysisPlan['tools'][number] {
  if (typeof tool === 'string') return { name: tool, command: null, report: null };
  const { name, command, report } = tool;
  return { name, command: command === undefined ? null : toArguments(command), report: report ?? null };
}

export function resolveTesting(file: PipelineFile, family: LanguageFamily, isWritten: IsWritten): TestPlan {
  const { testing } = file;
  const framework = resolveFramework(testing, family);
  return {
    enabled: framework !== null && isStageEnabled('test', file, isWritten),
    framework: framework ?? 'command',
    command: testing.command === undefined ? null : toArguments(testing.command),
    report: testing.report ?? null,
    coverage: testing.coverage ?? null,
    retryFailed: testing.retry_failed,
    ...resolveLimits('test', file, isWritten),
  };
}

/** The framework that the section names, or that its command or the language leads to; null where nothing does. */
export function resolveFramework(
  testing: Pick<PipelineFile['testing'], 'framework' | 'command'>,
  family: LanguageFamily,
): TestPlan['framework'] | null {
  if (testing.framework !== undefined) return testing.framework;
  if (testing.command !== undefined) return 'command';
  if (family === 'python') return 'pytest';
  return family === 'other' ? null : 'node';
}
