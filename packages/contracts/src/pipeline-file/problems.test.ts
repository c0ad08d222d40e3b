import { describe, expect, it } from '@jest/globals';
import { parsePipelineFile } from './parse-pipeline-file.ts';

function problemsOf(text: string) {
  const parsed = parsePipelineFile(text);
  return parsed.ok ? [] : parsed.problems;
}

function placesOf(text: string): string[] {
  return problemsOf(text).map(({ path, line, column }) => `${line}:${column} ${path}`);
}

describe('problems of a pipeline file', () => {
  it('are all in one report, in the order of the file', () => {
    const text = `project:
  nme: shop
buld: {}
deployment:
  steps: [50, 10]
  services:
    - {name: a, port: 80a, command: x}
    - {name: B, port: 1, command: x}
testing:
  retry_failed: "2"
`;

    expect(placesOf(text)).toEqual([
      '1:1 project.name',
      '2:3 project.nme',
      '3:1 buld',
      '7:23 deployment.services[0].port',
      '8:14 deployment.services[1].name',
      '10:17 testing.retry_failed',
    ]);
  });

  it('between keys are found although another section is wrong', () => {
    const text = `project: {nme: x}
deployment:
  steps: [50, 10]
  services: [{name: a, port: 1}]
`;

    expect(placesOf(text)).toContain('3:15 deployment.steps[1]');
  });

  it('have a code frame of three lines and a mark', () => {
    const [problem] = problemsOf('project:\n  name: x\nbuild:\n  contxt: a\n  enabled: true\n');

    expect(problem).toEqual({
      path: 'build.contxt',
      line: 4,
      column: 3,
      message: 'Unknown key `contxt` in `build`',
      suggestion: 'Did you mean `context`?',
      frame: '  3 | build:\n> 4 |   contxt: a\n    |   ^\n  5 |   enabled: true',
    });
  });

  it.each([
    ['build: {toool: npm}', 'Did you mean `tool`?'],
    ['build: {xyzzy: 1}', expect.stringContaining('Known here: enabled, tool, command')],
    ['observability: {thresholds: {latency: 3}}', 'Did you mean `latency_ms`?'],
    ['<<: {a: 1}', expect.stringContaining('Merge keys')],
    ['deployment: {strategy: canery, services: [{name: a, port: 1, command: x}]}', 'Did you mean `canary`?'],
    [
      'deployment: {provider: eks, services: [{name: a, port: 1, command: x}]}',
      expect.stringContaining('provider: kubernetes'),
    ],
    [
      'deployment: {provider: ec2, services: [{name: a, port: 1, command: x}]}',
      expect.stringContaining('orchestra up'),
    ],
    [
      'deployment: {type: lambda, services: [{name: a, port: 1, command: x}]}',
      expect.stringContaining('answers HTTP on `PORT`'),
    ],
    ['build: {tool: gradle}', expect.stringContaining('`command: ./gradlew build`')],
    ['testing: {framework: vitest}', expect.stringContaining('--reporter=junit')],
    ['testing: {enabled: yes}', 'Write `true`.'],
    ['testing: {retry_failed: "2"}', 'Write `2`, without quotes or unit.'],
    ['project: {name: 7}', 'Put it in quotes.'],
    ['chatops: {platform: teams}', expect.stringContaining('arrive later')],
    ['testing:', 'Write it, or remove the key.'],
  ])('of %s come with a suggestion', (text, suggestion) => {
    const file = text.startsWith('project') ? text : `project: {name: x}\n${text}`;

    expect(problemsOf(file).map((problem) => problem.suggestion)).toContainEqual(suggestion);
  });

  it('of a file that is too large name its size, and suggest nothing that would not help', () => {
    const [problem, ...more] = problemsOf(`project: {name: x}\n${'#'.repeat(1_048_576)}`);

    expect(problem).toMatchObject({ message: expect.stringContaining('1048595 bytes'), suggestion: null });
    expect(more).toEqual([]);
  });

  it.each([
    ['name: Shop', 'deployment.services[0].name'],
    ['name: -a', 'deployment.services[0].name'],
    [`name: ${'a'.repeat(64)}`, 'deployment.services[0].name'],
    ['port: 0', 'deployment.services[0].port'],
    ['port: 65536', 'deployment.services[0].port'],
    ['replicas: 1.5', 'deployment.services[0].replicas'],
    ['env: {1A: x}', 'deployment.services[0].env.1A'],
    ['env: {A: "x\\0"}', 'deployment.services[0].env.A'],
    ['env: {A: {b: 1}}', 'deployment.services[0].env.A'],
    ['health_path: health', 'deployment.services[0].health_path'],
    ['command: []', 'deployment.services[0].command'],
    ['command: ""', 'deployment.services[0].command'],
    ['command: ["a\\0"]', 'deployment.services[0].command[0]'],
  ])('of a service with %s name the key', (entry, path) => {
    const service = { name: 'name: a', port: 'port: 1', command: 'command: x' };
    const key = entry.split(':')[0] ?? '';
    const rows = Object.values({ ...service, [key]: entry });
    const text = `project: {name: x}\ndeployment:\n  services:\n    - ${rows.join('\n      ')}\n`;

    expect(problemsOf(text).map((problem) => problem.path)).toEqual([path]);
  });

  it.each([
    '../../etc/passwd',
    'a/../../b',
    '/etc/shadow',
    '/proc/self/environ',
    '~/x',
    '-rf',
    'C:/x',
    String.raw`a\b`,
    'a\0b',
    'a\nb',
    'x'.repeat(300),
  ])('refuse the path %j', (path) => {
    const text = JSON.stringify({ project: { name: 'x' }, build: { context: path } });

    expect(problemsOf(text)).toMatchObject([{ path: 'build.context' }]);
  });

  it.each([
    ['two services of one name', '{name: a, port: 1, command: x}, {name: a, port: 2, command: x}', 'services[1].name'],
    ['two services on one port', '{name: a, port: 1, command: x}, {name: b, port: 1, command: x}', 'services[1].port'],
    ['a port for no environment', '{name: a, port: {prod: 1}, command: x}', 'services[0].port.prod'],
    ['an environment that is none', '{name: a, port: {Prod!: 1}, command: x}', 'services[0].port.Prod!'],
    ['a service that nothing starts', '{name: a, port: 1}', 'services[0]'],
    ['a runtime that is not understood', '{name: a, port: 1, runtime: java17}', 'services[0]'],
  ])('say %s', (_, services, path) => {
    const text = `project: {name: x}\ndeployment: {services: [${services}]}`;

    expect(problemsOf(text).map((problem) => problem.path)).toEqual([`deployment.${path}`]);
  });

  it.each([
    ['deployment: {environments: [a, a], services: [{name: a, port: 1, command: x}]}', 'deployment.environments[1]'],
    ['deployment: {services: []}', 'deployment.services'],
    ['build: {tool: command}', 'build.tool'],
    ['testing: {framework: command}', 'testing.framework'],
    ['code_analysis: {tools: [ruff]}', 'code_analysis.tools[0]'],
    ['code_analysis: {tools: [oxlint, oxlint]}', 'code_analysis.tools[1]'],
    ['licenses: {deny: [MIT], allow: [MIT]}', 'licenses.allow[0]'],
    ['observability: {interval_seconds: 5, step_watch_seconds: 1}', 'observability.interval_seconds'],
    ['observability: {max_wait_seconds: 1}', 'observability.max_wait_seconds'],
  ])('say what cannot be together in %s', (text, path) => {
    expect(problemsOf(`project: {name: x}\n${text}`).map((problem) => problem.path)).toEqual([path]);
  });

  it('ask for a test command where the language has no default', () => {
    expect(problemsOf('project: {name: x, language: rust}\ntesting: {enabled: true}')).toMatchObject([
      { path: 'testing', line: 2 },
    ]);
  });

  it('say that a step would end before its watch', () => {
    const text =
      'project: {name: x}\ndeployment: {step_timeout_seconds: 30, services: [{name: a, port: 1, command: x}]}\n';

    expect(problemsOf(text)).toMatchObject([{ path: 'deployment.step_timeout_seconds' }]);
  });

  it('about a default stand at the key above it', () => {
    expect(placesOf('project: {name: x}\nobservability:\n  step_watch_seconds: 1\n')).toEqual([
      '2:1 observability.interval_seconds',
    ]);
  });

  it('are placed without the byte order mark', () => {
    expect(problemsOf('\uFEFFprojct: {}')).toContainEqual(
      expect.objectContaining({ path: 'projct', column: 1, frame: '> 1 | projct: {}\n    | ^' }),
    );
  });

  it('of foreign text show no control or direction characters', () => {
    const text = `project: {name: x}\n"\\e[31mred": 1 # \u202E\nbuild: {tool: "\\e]0;title\\a"}\n`;

    const shown = problemsOf(text).flatMap(({ message, path, frame }) => [message, path, ...frame.split('\n')]);

    expect(shown.join('')).toContain('\uFFFD[31mred');
    expect(shown.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('are cut where nobody would read on', () => {
    const keys = Array.from({ length: 500 }, (_, index) => `key${index}: 1`).join('\n');

    const problems = problemsOf(`project: {name: x}\n${keys}`);

    expect(problems).toHaveLength(50);
    expect(problems.at(-1)?.message).toBe('There are more of these; mend those above first');
  });
});
