import type { SoundSections } from './check-file.ts';
import { repeated } from './repeated.ts';
import { judgeLanguage } from './language.ts';
import { printable, type Remark } from './remark.ts';
import { resolveFramework } from './resolve-checks.ts';
import { projectLanguage } from './resolve-plan.ts';
import type { IsWritten } from './written.ts';

export function checkBuild({ build }: SoundSections): Remark[] {
  if (build?.tool !== 'command' || build.command !== undefined) return [];
  const suggestion = 'Write `command:`, the line that builds.';
  return [
    { path: ['build', 'tool'], at: 'value', message: '`build.tool` is command, but there is no `command`', suggestion },
  ];
}

const bundled = new Set(['oxlint']);

export function checkAnalysis({ code_analysis: analysis }: SoundSections): Remark[] {
  const tools = analysis?.tools ?? [];
  const names = tools.map((tool) => (typeof tool === 'string' ? tool : tool.name));
  const commandless = tools.flatMap((tool, index): Remark[] => {
    const name = typeof tool === 'string' ? tool : tool.name;
    if (bundled.has(name) || (typeof tool !== 'string' && tool.command !== undefined)) return [];
    return [
      {
        path: ['code_analysis', 'tools', index],
        at: 'value',
        message: `\`${printable(name, 60)}\` does not come with the platform, so it needs a command`,
        suggestion: 'Write `name:` and `command:`, a line that writes SARIF.',
      },
    ];
  });
  const twice = repeated(names).map((index): Remark => ({
    path: ['code_analysis', 'tools', index],
    at: 'value',
    message: `There are two tools named \`${printable(names[index] ?? '', 60)}\``,
    suggestion: 'Give each a name of its own.',
  }));
  return [...commandless, ...twice];
}

export function checkTesting({ testing, project }: SoundSections, isWritten: IsWritten): Remark[] {
  if (testing === undefined || !testing.enabled || !isWritten('testing')) return [];
  const suggestion = 'Write `command:`, the line that runs the tests.';
  if (testing.framework === 'command' && testing.command === undefined) {
    const message = '`testing.framework` is command, but there is no `command`';
    return [{ path: ['testing', 'framework'], at: 'value', message, suggestion }];
  }
  if (project === undefined) return [];
  const language = projectLanguage(project);
  if (resolveFramework(testing, judgeLanguage(language)) !== null) return [];
  const message = `There are no default tests for \`${printable(language ?? '', 60)}\``;
  return [{ path: ['testing'], at: 'key', message, suggestion }];
}
