import {
  beginStep,
  createTarget,
  finishRollout,
  finishStep,
  parsePipelineFile,
  takeLane,
  targetSchema,
  type ObservabilityAlert,
  type Plan,
  type RollbackPlan,
  type Target,
} from '@orchestra/contracts';
import type { HistoryEntry, Quarantined, TargetWrite } from '@orchestra/runtime';
import type { Ports, Releases } from './ports.ts';
import { createService } from './service.ts';

export const place = { repository: 'acme/shop', environment: 'production', service: 'web' };
const manifest = {
  artifactDigest: 'd',
  command: ['a'],
  env: {},
  port: 1,
  replicas: 1,
  healthPath: '/',
  metricsPath: null,
  readyTimeoutMs: 1,
};
const now = new Date('2026-01-01T00:00:00Z');

export const alert: ObservabilityAlert = {
  environment: 'production',
  service: 'web',
  release: 'r2',
  epoch: 4,
  step: 1,
  attribution: 'RELEASE',
  source: 'WATCH',
  metric: 'error_ratio',
  value: 0.2,
  threshold: 0.05,
  baseline: 0.01,
  samples: 9,
  reason: 'threshold_breached',
  checks: [],
  judgement: null,
};

/** A target with a canary r2 beside the released r1. */
export function aCanary(): Target {
  return takeAndStep(released(takeAndStep(createTarget(place), 1), 1), 2);
}

/** A rollout of a run, up to its first step. The fourth run brings release r4. */
export function takeAndStep(target: Target, sequence: number): Target {
  const version = { version: `sha256:${sequence}`, commit: `commit-${sequence}`, manifest };
  const rollout = { runId: `run-${sequence}`, generation: 1, sequence, jobId: 'j', ...version };
  const request = { ...rollout, strategy: 'canary' as const, weights: [100], byPerson: false, maxSupersedes: 3 };
  const taken = moved(takeLane(target, request, now));
  const mover = { runId: `run-${sequence}`, generation: 1 };
  const begun = moved(beginStep(taken, { ...mover, step: 1 }));
  return moved(finishStep(begun, { ...mover, step: 1, epoch: begun.epoch }));
}

/** The canary of a run becomes what serves. */
export function released(target: Target, sequence: number): Target {
  return moved(
    finishRollout(target, { runId: `run-${sequence}`, generation: 1, epoch: target.epoch, checks: [] }, now),
  );
}

function moved(answer: { kind: string; target?: Target }): Target {
  if (answer.target === undefined) throw new Error(`refused: ${JSON.stringify(answer)}`);
  return answer.target;
}

function planWith(rollback: RollbackPlan): Plan {
  const parsed = parsePipelineFile('project: {name: shop}');
  if (!parsed.ok) throw new Error(`no plan: ${JSON.stringify(parsed.problems)}`);
  return { ...parsed.plan, rollback };
}

interface Given {
  target?: Target;
  giveBack?: Releases['giveBack'];
  rollback?: Partial<RollbackPlan>;
}

interface State {
  target: Target;
  version: number;
  writes: TargetWrite[];
  done: string[];
  quarantined: Quarantined[];
  history: HistoryEntry[];
  output: string;
}

/** The service beside a target in memory and a world that tells what was asked of it. */
export function givenWorld({ target = aCanary(), giveBack, rollback }: Given = {}) {
  const state: State = { target, version: 7, writes: [], done: [], quarantined: [], history: [], output: '' };
  const keep = (write: TargetWrite): void => {
    state.writes.push(write);
    state.target = targetSchema.parse(write.target);
    state.version += 1;
    const entries = (write.quarantine ?? []).map((entry) => ({ ...entry, runId: 'run-2', at: now.toISOString() }));
    state.quarantined.push(...entries);
  };
  const serving = { releases: ['r1', 'r2', 'r3'].map((release) => ({ release, ready: 1, weight: 50 })) };
  const ports: Ports = {
    releases: {
      notes: async () => ['release_unsandboxed'],
      look: async () => serving,
      output: async () => state.output,
      giveBack:
        giveBack ??
        (async ({ to, epoch }) => {
          state.done.push(`give back to ${to.release} at ${epoch}`);
          return serving;
        }),
      retire: async ({ releases }) => {
        state.done.push(`retire ${releases.join()}`);
      },
    },
  };
  const plan = planWith({ enabled: true, cooldownMs: 0, budgetPerDay: 3, ...rollback });
  const around = {
    plan,
    run: { runId: 'run-2' },
    store: {
      readTarget: async (key: string) => ({ key, version: state.version, target: JSON.stringify(state.target) }),
      readQuarantine: async () => state.quarantined,
      readHistory: async () => state.history,
      listRuns: async () => [],
    },
    changeTarget: async (write: TargetWrite) => {
      if (write.expected !== state.version) return 'target_moved' as const;
      keep(write);
      return 'finished' as const;
    },
  };
  return { state, keep, around, ports, service: createService(ports) };
}
