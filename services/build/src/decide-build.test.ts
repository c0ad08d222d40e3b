import { describe, expect, it } from '@jest/globals';
import type { BuildPlan } from '@orchestra/contracts';
import { decideBuild, type BuildFacts } from './decide-build.ts';

const plan: BuildPlan = {
  enabled: true,
  tool: 'npm',
  command: null,
  context: '.',
  dockerfile: 'Dockerfile',
  image: null,
  output: ['.'],
  timeoutMs: 60_000,
  attempts: 3,
  haltOnFailure: false,
};
const facts: BuildFacts = {
  hasContext: true,
  packageJson: { hasDependencies: true, hasBuildScript: true },
  hasLockfile: true,
  hasDockerfile: true,
  template: null,
  isInstalled: true,
};

describe('decideBuild', () => {
  it.each(['npm', 'command', 'docker', 'buildah'] as const)(
    'refuses to build with %s in a folder that is not there',
    (tool) => {
      expect(decideBuild({ ...plan, tool, context: 'app' }, { ...facts, hasContext: false })).toMatchObject({
        kind: 'refuse',
        status: 'failure',
        reason: 'no_context',
      });
    },
  );
});

describe('decideBuild with npm', () => {
  it('installs exactly what the lockfile says, then builds', () => {
    expect(commands({}, {})).toEqual([
      ['npm', 'ci', '--no-audit', '--no-fund'],
      ['npm', 'run', 'build'],
    ]);
  });

  it('installs without writing a lockfile where there is none', () => {
    expect(commands({}, { hasLockfile: false })).toContainEqual([
      'npm',
      'install',
      '--no-package-lock',
      '--no-audit',
      '--no-fund',
    ]);
  });

  it('installs nothing where nothing is needed', () => {
    expect(commands({}, { packageJson: { hasDependencies: false, hasBuildScript: true } })).toEqual([
      ['npm', 'run', 'build'],
    ]);
  });

  it("prefers the file's own command to the build script", () => {
    expect(commands({ command: ['make'] }, {})).toEqual([['npm', 'ci', '--no-audit', '--no-fund'], ['make']]);
  });

  it.each([
    ['there is no package.json', null],
    ['there is nothing to install and no script', { hasDependencies: false, hasBuildScript: false }],
  ])('runs nothing, and says so, when %s', (_when, packageJson) => {
    expect(decideBuild(plan, { ...facts, packageJson })).toEqual({
      kind: 'commands',
      reason: 'nothing_to_run',
      commands: [],
    });
  });

  it('runs the command also without a package.json', () => {
    expect(commands({ command: ['make'] }, { packageJson: null })).toEqual([['make']]);
  });
});

describe('decideBuild with a command', () => {
  it('runs it and nothing else', () => {
    expect(commands({ tool: 'command', command: ['make', 'all'] }, {})).toEqual([['make', 'all']]);
  });
});

describe.each(['docker', 'buildah'] as const)('decideBuild with %s', (tool) => {
  it.each<[string, Partial<BuildFacts>, object]>([
    ['the Dockerfile', { template: 'FROM x' }, { kind: 'image', reason: 'dockerfile', program: tool, template: null }],
    [
      'a template without one',
      { hasDockerfile: false, template: 'FROM x' },
      { kind: 'image', reason: 'template', program: tool, template: 'FROM x' },
    ],
    [
      'nothing when no template fits',
      { hasDockerfile: false },
      { kind: 'refuse', reason: 'no_dockerfile', status: 'failure' },
    ],
    [
      'nothing when the program is not here',
      { isInstalled: false },
      { kind: 'refuse', reason: 'tool_not_installed', status: 'error' },
    ],
  ])('builds %s', (_what, change, decision) => {
    expect(decideBuild({ ...plan, tool }, { ...facts, ...change })).toMatchObject(decision);
  });
});

function commands(planChange: Partial<BuildPlan>, factsChange: Partial<BuildFacts>): unknown {
  const decision = decideBuild({ ...plan, ...planChange }, { ...facts, ...factsChange });
  return decision.kind === 'commands' ? decision.commands : decision;
}
