import type { Random } from './random.ts';

/** What pipeline files of one repository have in common. */
export interface Shape {
  environments: readonly string[];
  services: readonly string[];
  strategy: string;
  replicas: number;
  onInconclusive: string;
  watches: boolean;
  rollsBack: boolean;
  infrastructure: boolean;
  image: boolean;
  scans: boolean;
  halts: boolean;
}

/** Draws the shape of a repository's pipeline. */
export function drawShape(random: Random): Shape {
  return {
    environments: random.chance(0.3) ? ['staging', 'production'] : ['production'],
    services: random.chance(0.2) ? ['web', 'worker'] : ['web'],
    strategy: random.pick(['canary', 'canary', 'rolling', 'blue_green', 'immediate']),
    replicas: random.whole(1, 3),
    onInconclusive: random.pick(['abort', 'extend', 'ask']),
    watches: random.chance(0.9),
    rollsBack: random.chance(0.85),
    infrastructure: random.chance(0.5),
    image: random.chance(0.08),
    scans: random.chance(0.3),
    halts: random.chance(0.7),
  };
}

/** Writes a pipeline file. */
export function writePipeline(shape: Shape): string {
  const { environments, services, strategy, replicas, onInconclusive, watches, rollsBack, halts } = shape;
  const file = {
    project: { name: 'shop' },
    triggers: { branches: ['**'] },
    run: { deadline_seconds: 1_200, gate_deadline_seconds: 900 },
    build: shape.image
      ? { tool: 'docker', image: 'registry.test/shop', timeout_seconds: 120 }
      : { tool: 'command', command: 'make build', timeout_seconds: 120 },
    code_analysis: {
      tools: [{ name: 'lint', command: 'make lint' }],
      timeout_seconds: 120,
      halt_on_failure: halts,
      ...(shape.scans ? { artifact_scan: { command: 'make scan' } } : {}),
    },
    testing: { framework: 'command', command: 'make test', timeout_seconds: 120, halt_on_failure: halts },
    ...(shape.infrastructure ? { infrastructure: {} } : {}),
    deployment: {
      environments,
      strategy,
      ...(strategy === 'canary' ? { steps: [20, 60] } : {}),
      ...(strategy === 'rolling' ? { steps: [50] } : {}),
      on_inconclusive: onInconclusive,
      step_timeout_seconds: 120,
      services: services.map((name, index) => ({
        name,
        command: 'node server.js',
        port: 8000 + index,
        replicas,
        ready_timeout_seconds: 20,
      })),
    },
    observability: {
      enabled: watches,
      interval_seconds: 3,
      step_watch_seconds: 9,
      release_watch_seconds: 20,
      max_wait_seconds: 30,
      min_samples: 2,
      failure_limit: 2,
      thresholds: { error_rate_percent: 5 },
    },
    rollback: { enabled: rollsBack, cooldown_seconds: 30, budget_per_day: 3 },
    chatops: { platform: 'slack', channel: '#ops', notify_on: ['start', 'success', 'failure', 'rollback', 'approval'] },
  };
  // JSON is YAML.
  return JSON.stringify(file);
}
