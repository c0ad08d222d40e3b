import type { SoundSections } from './check-file.ts';
import { conditionBranches } from './condition.ts';
import { judgeLanguage } from './language.ts';
import { lastKey, printable, type KeyPath, type Remark } from './remark.ts';
import { resolveBuildTool } from './resolve-build.ts';
import { environmentEntries } from './resolve-deployment.ts';
import { projectLanguage } from './resolve-plan.ts';
import { listedStages } from './stages.ts';
import type { IsWritten } from './written.ts';

/** Keys that are right by themselves, but have no effect, or an unexpected one, in this file. */
export function remarkEffects(sections: SoundSections, isWritten: IsWritten): Remark[] {
  return [
    ...remarkBuild(sections, isWritten),
    ...remarkInfrastructure(sections),
    ...remarkDeployment(sections, isWritten),
    ...remarkVariables(sections),
    ...remarkRates(sections),
    ...remarkStages(sections, isWritten),
    ...remarkChatops(sections),
    ...remarkDeadlines(sections, isWritten),
  ];
}

function withoutEffect(path: KeyPath, because: string): Remark {
  return { path, at: 'key', message: `\`${lastKey(path)}\` has no effect: ${because}`, suggestion: 'Remove it.' };
}

const imageKeys = ['dockerfile', 'image'] as const;
const archiveKeys = ['output', 'command'] as const;

function remarkBuild({ build, project }: SoundSections, isWritten: IsWritten): Remark[] {
  if (build === undefined || project === undefined) return [];
  const tool = resolveBuildTool(build, judgeLanguage(projectLanguage(project)));
  const makesImage = tool === 'docker' || tool === 'buildah';
  return (makesImage ? archiveKeys : imageKeys)
    .filter((key) => isWritten('build', key))
    .map((key) => withoutEffect(['build', key], makesImage ? `${tool} makes an image` : `${tool} makes no image`));
}

function remarkInfrastructure({ infrastructure }: SoundSections): Remark[] {
  const { proposal = false, template = 'none', tool = 'auto' } = infrastructure ?? {};
  if (!proposal || template === 'none' || tool === 'cloudformation') return [];
  return [withoutEffect(['infrastructure', 'proposal'], `without a configuration the template ${template} is planned`)];
}

function remarkDeployment({ deployment }: SoundSections, isWritten: IsWritten): Remark[] {
  if (deployment === undefined) {
    return (['infrastructure', 'observability', 'rollback'] as const)
      .filter((section) => isWritten(section) && !isWritten('deployment'))
      .map((section) => withoutEffect([section], 'there is no `deployment`, so no environment'));
  }
  const { strategy, steps } = deployment;
  const inOneMove = strategy === 'immediate' || strategy === 'blue_green';
  if (steps === undefined || !inOneMove) return [];
  return [withoutEffect(['deployment', 'steps'], `strategy ${strategy} moves all of the traffic at once`)];
}

function remarkVariables({ deployment }: SoundSections): Remark[] {
  return (deployment?.services ?? []).flatMap(({ env }, service) =>
    environmentEntries(env).flatMap(({ name, value }, index): Remark[] => {
      const path: KeyPath = ['deployment', 'services', service, 'env', Array.isArray(env) ? index : name];
      const message = `\`${name}\` has no effect`;
      if (name === 'PORT') {
        return [
          { path, at: 'key', message: `${message}: each process gets a \`PORT\` of its own`, suggestion: 'Remove it.' },
        ];
      }
      if (value !== null) return [];
      return [{ path, at: 'key', message: `${message}: it has no value`, suggestion: `Write \`${name}: value\`.` }];
    }),
  );
}

// Both files with shares (0.05) and files with percents (5) are about; ours are percents.
function remarkRates({ observability }: SoundSections): Remark[] {
  const { thresholds } = observability ?? {};
  return (['error_rate_percent', 'error_rate', 'cpu_percent', 'cpu_usage'] as const).flatMap((key): Remark[] => {
    const value = thresholds?.[key];
    if (value === undefined || value <= 0 || value >= 1) return [];
    const message = `\`${key}\` is read as ${value} percent`;
    const suggestion = `If ${Number((value * 100).toPrecision(6))} percent are meant, write ${Number((value * 100).toPrecision(6))}.`;
    return [{ path: ['observability', 'thresholds', key], at: 'value', message, suggestion }];
  });
}

const withoutLimits = new Set(['infrastructure', 'deploy', 'observability', 'rollback', 'chatops']);

function remarkStages({ pipeline }: SoundSections, isWritten: IsWritten): Remark[] {
  const stages = listedStages({ pipeline }) ?? [];
  const remarks = stages.flatMap(({ name, halt_on_failure: halt }, index): Remark[] => {
    const path: KeyPath = ['pipeline', 'stages', index];
    if (name === 'deploy' && !isWritten('deployment')) return [missingSection(path, name, 'deployment')];
    if (name === 'infrastructure' && !isWritten('infrastructure'))
      return [missingSection(path, name, 'infrastructure')];
    if (halt === undefined || !withoutLimits.has(name)) return [];
    return [withoutEffect([...path, 'halt_on_failure'], `nothing runs beside ${name}`)];
  });
  const branches = conditionBranches({ pipeline });
  if (branches === null) return remarks;
  const message = `The whole run is limited to ${branches.map((branch) => printable(branch, 60)).join(', ')} by the condition of a stage`;
  return [...remarks, { path: ['pipeline', 'stages'], at: 'key', message, suggestion: 'Write `triggers.branches`.' }];
}

function missingSection(path: KeyPath, stage: string, section: string): Remark {
  const message = `Stage ${stage} does nothing: there is no \`${section}\``;
  return { path, at: 'value', message, suggestion: `Write the section \`${section}\`.` };
}

function remarkChatops({ chatops, pipeline }: SoundSections): Remark[] {
  const remarks: Remark[] = [];
  if (chatops?.platform === 'none' && chatops.channel !== undefined) {
    remarks.push(withoutEffect(['chatops', 'channel'], 'the platform is none'));
  }
  if (pipeline?.notify_on_success !== undefined && chatops?.notify_on !== undefined) {
    remarks.push(withoutEffect(['pipeline', 'notify_on_success'], '`chatops.notify_on` says it'));
  }
  return remarks;
}

function remarkDeadlines({ run }: SoundSections, isWritten: IsWritten): Remark[] {
  // The default gate is longer than a short run, and nobody wrote that.
  if (
    run === undefined ||
    !isWritten('run', 'gate_deadline_seconds') ||
    run.gate_deadline_seconds <= run.deadline_seconds
  )
    return [];
  const message = `\`gate_deadline_seconds\` has no effect: the run ends earlier, after ${run.deadline_seconds} seconds`;
  return [
    { path: ['run', 'gate_deadline_seconds'], at: 'key', message, suggestion: 'Write less than `deadline_seconds`.' },
  ];
}
