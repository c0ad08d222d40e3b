import type { BuildPlan } from '../plan/plan.ts';
import { toArguments } from './fields.ts';
import type { LanguageFamily } from './language.ts';
import type { PipelineFile } from './schema.ts';
import { isStageEnabled, resolveLimits } from './stages.ts';
import type { IsWritten } from './written.ts';

export function resolveBuild(file: PipelineFile, family: LanguageFamily, isWritten: IsWritten): BuildPlan {
  const { build } = file;
  const tool = resolveBuildTool(build, family);
  return {
    enabled: isStageEnabled('build', file, isWritten),
    tool,
    command: resolveCommand(build, tool),
    context: build.context,
    dockerfile: build.dockerfile ?? 'Dockerfile',
    image: build.image ?? imageName(file.project.name),
    output: build.output ?? ['.'],
    ...resolveLimits('build', file, isWritten),
  };
}

/** The tool that the section names, or that its other keys and the language lead to. */
export function resolveBuildTool(build: PipelineFile['build'], family: LanguageFamily): BuildPlan['tool'] {
  if (build.tool !== undefined) return build.tool;
  if (build.command !== undefined) return 'command';
  if (build.dockerfile !== undefined || build.image !== undefined) return 'docker';
  return family === 'javascript' || family === 'unknown' ? 'npm' : 'command';
}

function resolveCommand(build: PipelineFile['build'], tool: BuildPlan['tool']): readonly string[] | null {
  if (build.command !== undefined) return toArguments(build.command);
  // Nothing to run: the workspace itself is the artifact.
  return tool === 'command' ? ['true'] : null;
}

function imageName(project: string): string {
  const name = project
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return name;
}
