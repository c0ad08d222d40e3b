import { describe, expect, it } from '@jest/globals';
import type { Plan } from '../plan/plan.ts';
import { parsePipelineFile } from './parse-pipeline-file.ts';

function planOf(text: string): Plan {
  const parsed = parsePipelineFile(text);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  return parsed.plan;
}

const shop = `
project: {name: My Shop}
deployment:
  services: [{name: shop, command: node server.js, port: 8080}]
`;

describe('parsePipelineFile', () => {
  it('resolves every default of a minimal file', () => {
    const plan = planOf('project: {name: x}');

    expect(plan).toEqual({
      project: { name: 'x', language: null },
      triggers: { branches: ['main', 'master'], pullRequests: false },
      licenses: { deny: [], allow: [] },
      build: {
        enabled: true,
        tool: 'npm',
        command: null,
        context: '.',
        dockerfile: 'Dockerfile',
        image: 'x',
        output: ['.'],
        timeoutMs: 1_800_000,
        attempts: 3,
        haltOnFailure: false,
      },
      codeAnalysis: {
        enabled: true,
        tools: [{ name: 'oxlint', command: null, report: null }],
        artifactScan: null,
        failOn: 'error',
        timeoutMs: 900_000,
        attempts: 3,
        haltOnFailure: true,
      },
      testing: {
        enabled: true,
        framework: 'node',
        command: null,
        report: null,
        coverage: null,
        retryFailed: 0,
        timeoutMs: 1_800_000,
        attempts: 3,
        haltOnFailure: true,
      },
      infrastructure: null,
      deployment: null,
      observability: {
        enabled: true,
        thresholds: {
          errorRatio: 0.05,
          latencyMs: null,
          latencyPercentile: 95,
          cpuRatio: null,
          memoryBytes: null,
          diskBytes: null,
          networkBytesPerSecond: null,
        },
        intervalMs: 5_000,
        stepWatchMs: 60_000,
        releaseWatchMs: 1_800_000,
        minSamples: 3,
        failureLimit: 3,
        maxWaitMs: 300_000,
        judgement: {
          warmUpMs: 0,
          failureWindow: 3,
          onNoData: 'inconclusive',
          onNoTraffic: 'inconclusive',
          probes: [],
          windowMs: null,
          metrics: [],
          baseline: null,
          objectives: null,
          sloFile: { path: 'slo.yaml', written: false },
        },
      },
      rollback: { enabled: true, cooldownMs: 600_000, budgetPerDay: 3 },
      chatops: {
        enabled: false,
        platform: 'none',
        channel: null,
        notifyOn: ['success', 'failure', 'rollback', 'approval'],
      },
      runDeadlineMs: 14_400_000,
      gateDeadlineMs: 7_200_000,
    });
  });

  it('resolves a service with everything it does not say', () => {
    const { deployment } = planOf(shop);

    expect(deployment).toEqual({
      provider: 'local',
      strategy: 'rolling',
      steps: [{ weightPercent: 25 }, { weightPercent: 50 }, { weightPercent: 100 }],
      environments: ['production'],
      services: [
        {
          name: 'shop',
          command: ['sh', '-c', 'node server.js'],
          port: 8080,
          environmentPorts: { production: 8080 },
          env: {},
          replicas: 1,
          healthPath: '/',
          metricsPath: null,
          readyTimeoutMs: 30_000,
        },
      ],
      stepTimeoutMs: 600_000,
      onInconclusive: 'abort',
    });
  });

  it('turns the units of people into those of a plan', () => {
    const { observability, rollback, runDeadlineMs } = planOf(`
project: {name: x}
run: {deadline_seconds: 90}
rollback: {cooldown_seconds: 0}
deployment: {services: [{name: a, command: [node, a.js], port: 1}]}
observability:
  interval_seconds: 0.5
  step_watch_seconds: 1.5
  thresholds:
    {error_rate_percent: 2, latency_ms: 250, latency_percentile: 99, cpu_percent: 80,
     memory_mib: 2, disk_mib: 3, network_kib_per_second: 4}
`);

    expect({ observability, rollback, runDeadlineMs }).toMatchObject({
      runDeadlineMs: 90_000,
      rollback: { cooldownMs: 0 },
      observability: {
        intervalMs: 500,
        stepWatchMs: 1500,
        thresholds: {
          errorRatio: 0.02,
          latencyMs: 250,
          latencyPercentile: 99,
          cpuRatio: 0.8,
          memoryBytes: 2_097_152,
          diskBytes: 3_145_728,
          networkBytesPerSecond: 4096,
        },
      },
    });
  });

  it.each([
    ['canary', '', [10, 50, 100]],
    ['canary', 'steps: [20, 40]', [20, 40, 100]],
    ['canary', 'steps: [{weight_percent: 1.5}, 100]', [1.5, 100]],
    ['rolling', '', [25, 50, 100]],
    ['immediate', '', [100]],
    ['blue_green', 'steps: [20]', [100]],
  ])('ends strategy %s with %s at all of the traffic', (strategy, steps, weights) => {
    const { deployment } = planOf(`${shop}  strategy: ${strategy}\n  ${steps}\n`);

    expect(deployment?.steps.map(({ weightPercent }) => weightPercent)).toEqual(weights);
  });

  it.each([
    ['8080', { test: 0, staging: 0, production: 8080 }, 8080],
    ['{production: 80, staging: 8081}', { test: 0, staging: 8081, production: 80 }, 80],
    ['{test: 8081}', { test: 8081, staging: 0, production: 0 }, 0],
  ])('gives each environment a port of its own by %s', (port, environmentPorts, last) => {
    const { deployment } = planOf(`
project: {name: x}
deployment:
  environments: [test, staging, production]
  services: [{name: a, command: b, port: ${port}}]
`);

    expect(deployment?.services[0]).toMatchObject({ environmentPorts, port: last });
  });

  it('takes names of JavaScript for plain names', () => {
    const { deployment } = planOf(`
project: {name: x}
deployment:
  environments: [constructor, production]
  services: [{name: constructor, command: b, port: {production: 1}, env: {constructor: a}}]
`);

    expect(deployment?.services[0]).toMatchObject({ environmentPorts: { constructor: 0 }, env: { constructor: 'a' } });
  });

  it('gives a step more time than its watch takes', () => {
    const { deployment } = planOf(`${shop}\nobservability: {step_watch_seconds: 1000}`);

    expect(deployment?.stepTimeoutMs).toBe(3_060_000);
  });

  it.each([
    ['', 'npm', null],
    ['build: {command: make}', 'command', ['sh', '-c', 'make']],
    ['build: {command: [make, all]}', 'command', ['make', 'all']],
    ['build: {dockerfile: docker/Dockerfile}', 'docker', null],
    ['build: {tool: buildah}', 'buildah', null],
  ])('chooses the builder of %j', (build, tool, command) => {
    expect(planOf(`project: {name: x}\n${build}`).build).toMatchObject({ tool, command });
  });

  it.each([
    ['typescript', 'npm', ['oxlint'], 'node', true],
    ['Python', 'command', [], 'pytest', true],
    ['rust', 'command', [], 'command', false],
  ])('chooses the tools of language %s', (language, tool, analysers, framework, enabled) => {
    const plan = planOf(`project: {name: x, language: ${language}}`);

    expect(plan.build.tool).toBe(tool);
    expect(plan.codeAnalysis.tools.map(({ name }) => name)).toEqual(analysers);
    expect(plan.testing).toMatchObject({ framework, enabled });
  });

  it('makes an image name of the name of the project', () => {
    expect(planOf('project: {name: My Shop 2.0_}').build.image).toBe('my-shop-2-0');
  });

  it('switches off what says so', () => {
    const plan = planOf(`
project: {name: x}
build: {enabled: false}
deployment: {enabled: false, services: [{name: a, command: b, port: 1}]}
infrastructure: {enabled: false}
chatops: {enabled: false}
`);

    expect(plan).toMatchObject({
      build: { enabled: false },
      deployment: null,
      infrastructure: null,
      chatops: { enabled: false, platform: 'none' },
    });
  });

  it('normalizes paths', () => {
    expect(planOf('project: {name: x}\nbuild: {context: ./a//b/, output: [./dist/]}').build).toMatchObject({
      context: 'a/b',
      output: ['dist'],
    });
  });

  it('reads a file with a byte order mark and carriage returns', () => {
    expect(planOf('\uFEFFproject:\r\n  name: x\r\n').project.name).toBe('x');
  });
});
