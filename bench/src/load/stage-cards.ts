import { defineService, type Conclusion, type Service } from '@orchestra/runtime';

const hourMs = 3_600_000;
const target = { environment: 'production', service: 'shop' };
const none = { outcome: 'SUCCESS', reason: null } as const;

// The units of a run that passes through five services, one after the other.
const units = [
  { unit: 'gitops', service: 'gitops', after: [] },
  { unit: 'build', service: 'build', after: ['gitops'] },
  { unit: 'test', service: 'test', after: ['build'] },
  { unit: 'iac/production', service: 'iac', after: ['test'] },
  { unit: 'deploy/production/shop', service: 'deploy', after: ['iac/production'] },
] as const;

const plan = {
  units: units.map((unit) => ({ ...unit, gate: null, gateDeadlineMs: hourMs })),
  deadlineMs: hourMs,
  hopsLimit: 40,
};

/** What an empty stage needs for its end without work, which never comes here. */
const conclude = ({ status, reason }: Conclusion) => ({ kind: 'end', status, reason, events: [] }) as const;

const ignore = { kind: 'reaction', concerns: () => false, handle: async () => ({ kind: 'again' }) as const } as const;

// What a push may leave open.
const unsaid = {
  baseCommit: null,
  pullRequest: null,
  changedFiles: null,
  environmentLimit: null,
  before: null,
  delivery: null,
  content: null,
  pusher: null,
} as const;

/** gitops without a commit to fetch: it plans the run and publishes the push. */
export function gitopsCard(): Service<'gitops'> {
  return defineService<'gitops'>({
    name: 'gitops',
    on: {
      build_ready: ignore,
      code_analysis: ignore,
      test_results: ignore,
      iac_ready: ignore,
      deployment_triggered: ignore,
      deployment_health: ignore,
      observability_alert: ignore,
      rollback_event: ignore,
      operator_command: ignore,
    },
    tasks: {
      fetch: {
        concurrency: 8,
        handle: async (_payload, { run }) => ({
          kind: 'end',
          status: 'success',
          plan,
          events: [
            {
              topic: 'code_push',
              data: {
                ...none,
                ...unsaid,
                repository: run.repository,
                ref: run.ref,
                commit: run.commit,
                author: run.author,
                message: run.message,
                trigger: 'PUSH',
                number: run.sequence,
                snapshotDigest: digest('c'),
                planDigest: digest('d'),
              },
            },
          ],
        }),
        conclude,
      },
    },
  });
}

export function buildCard(): Service<'build'> {
  const artifact = { name: 'shop', kind: 'ARCHIVE', digest: digest('a'), sizeBytes: 1024, reference: null } as const;
  return defineService<'build'>({
    name: 'build',
    on: {
      code_push: {
        kind: 'stage',
        unit: () => 'build',
        concurrency: 8,
        handle: async () => ({
          kind: 'end',
          status: 'success',
          events: [{ topic: 'build_ready', data: { ...none, artifacts: [artifact], durationMs: 1 } }],
        }),
        conclude,
      },
      operator_command: ignore,
    },
  });
}

export function testCard(): Service<'test'> {
  const counts = { framework: null, passed: 1, failed: 0, skipped: 0, flaky: 0, lineCoveragePercent: null };
  return defineService<'test'>({
    name: 'test',
    on: {
      code_push: ignore,
      build_ready: {
        kind: 'stage',
        unit: () => 'test',
        concurrency: 8,
        handle: async () => ({
          kind: 'end',
          status: 'success',
          events: [{ topic: 'test_results', data: { ...none, ...counts, reportDigest: null, durationMs: 1 } }],
        }),
        conclude,
      },
      operator_command: ignore,
    },
  });
}

export function iacCard(): Service<'iac'> {
  const changes = {
    tool: null,
    planDigest: null,
    toAdd: 0,
    toChange: 0,
    toDestroy: 0,
    outputsDigest: null,
    causes: [],
  };
  return defineService<'iac'>({
    name: 'iac',
    on: {
      code_push: ignore,
      code_analysis: ignore,
      test_results: {
        kind: 'stage',
        unit: () => 'iac/production',
        concurrency: 8,
        handle: async () => ({
          kind: 'end',
          status: 'success',
          events: [{ topic: 'iac_ready', data: { ...none, environment: target.environment, ...changes } }],
        }),
        conclude,
      },
      operator_command: ignore,
      rollback_event: ignore,
    },
  });
}

export function deployCard(): Service<'deploy'> {
  const release = {
    release: '1',
    version: digest('a'),
    previousRelease: null,
    epoch: 1,
    url: null,
    causes: [],
    objects: null,
  };
  const rollout = { strategy: 'ROLLING', step: 1, steps: 1, weightPercent: 100 } as const;
  return defineService<'deploy'>({
    name: 'deploy',
    on: {
      code_push: ignore,
      iac_ready: {
        kind: 'stage',
        unit: () => 'deploy/production/shop',
        concurrency: 8,
        handle: async () => ({
          kind: 'end',
          status: 'success',
          events: [
            { topic: 'deployment_triggered', data: { ...none, phase: 'RELEASED', ...target, ...release, ...rollout } },
          ],
        }),
        conclude,
      },
      deployment_health: ignore,
      observability_alert: ignore,
      rollback_event: ignore,
      operator_command: ignore,
    },
  });
}

function digest(digit: string): string {
  return `sha256:${digit.repeat(64)}`;
}
