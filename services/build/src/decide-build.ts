import type { BuildPlan } from '@orchestra/contracts';

/** What the workspace and the host offer. */
export interface BuildFacts {
  /** Whether the folder in which the build runs is there. */
  hasContext: boolean;
  /** Null: there is no package.json, or none that can be read. */
  packageJson: { hasDependencies: boolean; hasBuildScript: boolean } | null;
  hasLockfile: boolean;
  hasDockerfile: boolean;
  /** Dockerfile for the kind of project that was found; null: none is known. */
  template: string | null;
  /** Whether the program that makes images is on this host; true for all other tools. */
  isInstalled: boolean;
}

export type BuildDecision =
  | { kind: 'commands'; reason: 'npm' | 'command' | 'nothing_to_run'; commands: readonly (readonly string[])[] }
  | { kind: 'image'; reason: 'dockerfile' | 'template'; program: 'docker' | 'buildah'; template: string | null }
  | {
      kind: 'refuse';
      reason: 'tool_not_installed' | 'no_dockerfile' | 'no_context';
      status: 'error' | 'failure';
      message: string;
    };

/** What is done to build: commands in the sandbox, an image, or nothing because it cannot be. */
export function decideBuild(plan: BuildPlan, facts: BuildFacts): BuildDecision {
  if (!facts.hasContext) {
    const message = `There is no folder ${plan.context} to build in`;
    return { kind: 'refuse', reason: 'no_context', status: 'failure', message };
  }
  switch (plan.tool) {
    case 'npm':
      return decideNpm(plan, facts);
    case 'command':
      return { kind: 'commands', reason: 'command', commands: plan.command === null ? [] : [plan.command] };
    case 'docker':
    case 'buildah':
      return decideImage(plan.tool, plan.dockerfile, facts);
  }
}

const quiet = ['--no-audit', '--no-fund'];

function decideNpm({ command }: BuildPlan, { packageJson, hasLockfile }: BuildFacts): BuildDecision {
  if (packageJson === null) {
    return {
      kind: 'commands',
      reason: command === null ? 'nothing_to_run' : 'command',
      commands: command === null ? [] : [command],
    };
  }
  const install = hasLockfile ? ['npm', 'ci', ...quiet] : ['npm', 'install', '--no-package-lock', ...quiet];
  const build = command ?? (packageJson.hasBuildScript ? ['npm', 'run', 'build'] : null);
  const commands = [...(packageJson.hasDependencies ? [install] : []), ...(build === null ? [] : [build])];
  return { kind: 'commands', reason: commands.length === 0 ? 'nothing_to_run' : 'npm', commands };
}

function decideImage(program: 'docker' | 'buildah', dockerfile: string, facts: BuildFacts): BuildDecision {
  if (!facts.isInstalled) {
    const message = `${program} is not installed where images are built`;
    return { kind: 'refuse', reason: 'tool_not_installed', status: 'error', message };
  }
  if (facts.hasDockerfile) return { kind: 'image', reason: 'dockerfile', program, template: null };
  if (facts.template !== null) return { kind: 'image', reason: 'template', program, template: facts.template };

  const message = `There is no ${dockerfile}, and no template for this kind of project`;
  return { kind: 'refuse', reason: 'no_dockerfile', status: 'failure', message };
}
