import { describe, expect, it } from '@jest/globals';
import type { Plan } from '../plan/plan.ts';
import { parsePipelineFile } from './parse-pipeline-file.ts';

const service = 'services: [{name: a, command: b, port: 1}]';

function planOf(text: string): Plan {
  const parsed = parsePipelineFile(`project: {name: x}\n${text}`);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  return parsed.plan;
}

function warningsOf(text: string): string[] {
  return parsePipelineFile(`project: {name: x}\n${text}`).warnings.map(
    ({ path, message, suggestion }) => `${path}: ${message} | ${suggestion}`,
  );
}

function withThresholds(thresholds: string): string {
  return `
deployment: {${service}}
rollback: {threshold: {errors: 1, cpu: 10}}
observability:
  alerts: [{type: error_rate, threshold: 2}, {type: latency, threshold_ms: 700}]
  thresholds: {${thresholds}}
`;
}

describe('an older pipeline file', () => {
  it('names its language in two keys', () => {
    const parsed = parsePipelineFile('project: {name: x, frontend-language: js, backend-language: python}');

    expect(parsed).toMatchObject({ ok: true, plan: { project: { language: 'python' } } });
  });

  it('lists the variables of a service', () => {
    const { deployment } = planOf(
      'deployment: {services: [{name: a, runtime: nodejs18, port: 1, env: [A=1=2, B, PORT=3, {name: C, value: 4}]}]}',
    );

    expect(deployment?.services[0]?.command).toEqual(['npm', 'start']);
    expect(deployment?.services[0]?.env).toEqual({ A: '1=2', C: '4' });
  });

  it('spells strategies in other words', () => {
    expect(planOf(`deployment: {strategy: blue-green, ${service}}`).deployment?.strategy).toBe('blue_green');
    expect(planOf(`deployment: {strategy: recreate, ${service}}`).deployment?.strategy).toBe('immediate');
  });

  it('keeps thresholds in four places, of which the newest counts', () => {
    expect(planOf(withThresholds('')).observability.thresholds).toMatchObject({
      errorRatio: 0.02,
      latencyMs: 700,
      cpuRatio: 0.1,
    });
    expect(planOf(withThresholds('error_rate: 3, request_latency: 800')).observability.thresholds).toMatchObject({
      errorRatio: 0.03,
      latencyMs: 800,
    });
    expect(planOf(withThresholds('error_rate: 3, error_rate_percent: 4')).observability.thresholds.errorRatio).toBe(
      0.04,
    );
  });

  it.each([
    ['60', 12],
    ['90s', 18],
    ['5m', 60],
    ['1 h', 720],
    ['100ms', 1],
  ])('turns a breach of duration %s into bad samples in a row', (duration, failureLimit) => {
    const text = `deployment: {${service}}\nrollback: {threshold: {duration: ${duration}}}`;

    expect(planOf(text).observability.failureLimit).toBe(failureLimit);
  });

  it('runs only the stages that it lists', () => {
    const plan = planOf(`pipeline: {stages: [build, deploy]}\ndeployment: {${service}}\ninfrastructure: {}`);

    expect(plan).toMatchObject({
      build: { enabled: true },
      testing: { enabled: false },
      codeAnalysis: { enabled: false },
      infrastructure: null,
      deployment: { provider: 'local' },
      observability: { enabled: true },
    });
  });

  it('lets the section of a stage overrule the list', () => {
    const plan = planOf('pipeline: {stages: [build]}\ntesting: {enabled: true}');

    expect(plan.testing.enabled).toBe(true);
  });

  it.each([
    ['true', 3],
    ['false', 1],
    ['4', 5],
  ])('gives every stage attempts by retry_on_failure %s', (retries, attempts) => {
    const plan = planOf(`pipeline: {retry_on_failure: ${retries}}\ntesting: {attempts: 2}`);

    expect([plan.build.attempts, plan.testing.attempts]).toEqual([attempts, 2]);
  });

  it('halts a stage, tells of success, and names its environment', () => {
    const plan = planOf(`
pipeline:
  stages: [{name: test, halt_on_failure: false}, deploy]
  notify_on_success: false
  deploy_environment: staging
deployment: {${service}}
chatops: {}
`);

    expect(plan.testing.haltOnFailure).toBe(false);
    expect(plan.chatops.notifyOn).toEqual(['failure', 'rollback', 'approval']);
    expect(plan.deployment?.environments).toEqual(['staging']);
  });

  it.each([
    ["branch == 'main'", ['main']],
    ["branch in ['main', 'release']", ['main', 'release']],
    ['always', ['main', 'master']],
  ])('limits the run to the branches of the condition %s', (condition, branches) => {
    const stage = JSON.stringify({ name: 'deploy', condition });
    const plan = planOf(`pipeline: {stages: [${stage}]}\ndeployment: {${service}}`);

    expect(plan.triggers.branches).toEqual(branches);
  });

  it.each([
    ['that is not understood', 'env.CI', ''],
    ['beside triggers', "branch == 'main'", 'triggers: {branches: [x]}'],
  ])('is refused for a condition of the deployment %s', (_, condition, more) => {
    const stage = JSON.stringify({ name: 'deploy', condition });
    const text = `project: {name: x}\npipeline: {stages: [${stage}]}\ndeployment: {${service}}\n${more}`;

    expect(parsePipelineFile(text)).toMatchObject({ problems: [{ path: 'pipeline.stages[0].condition' }] });
  });

  it('is refused for conditions that no branch can keep', () => {
    const text = `project: {name: x}
pipeline:
  stages:
    - {name: infrastructure, condition: branch == 'a'}
    - {name: deploy, condition: branch == 'b'}
`;

    expect(parsePipelineFile(text)).toMatchObject({ problems: [{ path: 'pipeline.stages' }] });
  });

  it.each([
    ['secrets: {}', 'secrets: `secrets` has no effect: builds and tests get no secrets | Remove the section.'],
    ['chatops: {notify_on: [failed]}', 'chatops.notify_on[0]: `failed` is an older word | Write `failure`.'],
    [
      `deployment: {region: eu, ${service}}`,
      'deployment.region: `region` has no effect: where the target is, the installation knows | Remove it.',
    ],
    [
      'observability: {thresholds: {cpu_usage: 80}}',
      'observability.thresholds.cpu_usage: `cpu_usage` is an older form | Write `cpu_percent`.',
    ],
  ])('with %s is told what to write now', (text, warning) => {
    expect(warningsOf(text)).toContain(warning);
  });
});

describe('a key without effect', () => {
  it.each([
    [`deployment: {strategy: immediate, steps: [10], ${service}}`, 'deployment.steps'],
    ['build: {tool: npm, image: a}', 'build.image'],
    ['build: {tool: docker, output: [a]}', 'build.output'],
    ['observability: {}', 'observability'],
    ['rollback: {}', 'rollback'],
    ['infrastructure: {}', 'infrastructure'],
    ['chatops: {platform: none, channel: a}', 'chatops.channel'],
    ['chatops: {notify_on: [start]}\npipeline: {notify_on_success: true}', 'pipeline.notify_on_success'],
    ['pipeline: {stages: [deploy]}', 'pipeline.stages[0]'],
    ['run: {deadline_seconds: 10, gate_deadline_seconds: 20}', 'run.gate_deadline_seconds'],
    ['deployment: {services: [{name: a, command: b, port: 1, env: {PORT: 2}}]}', 'deployment.services[0].env.PORT'],
    [
      `deployment: {${service}}\nobservability: {thresholds: {error_rate_percent: 0.05}}`,
      'observability.thresholds.error_rate_percent',
    ],
  ])('in %j is a warning, not a problem', (text, path) => {
    const parsed = parsePipelineFile(`project: {name: x}\n${text}`);

    expect(parsed.ok).toBe(true);
    expect(parsed.warnings.map((warning) => warning.path)).toContain(path);
  });
});
