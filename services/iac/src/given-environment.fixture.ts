import {
  infrastructureName,
  parseTarget,
  untouchedInfrastructure,
  usualInfrastructureRules,
  type EnvironmentInfrastructure,
  type InfrastructureRules,
  type Plan,
  type RunState,
  type Slices,
} from '@orchestra/contracts';
import type {
  ArtifactStore,
  JobContext,
  JobRecord,
  Result,
  ServiceStore,
  StoredTarget,
  TargetWrite,
} from '@orchestra/runtime';
import { anAttempt, memoryArtifacts, runOf, type Attempted } from './given-context.fixture.ts';
import { portsWith } from './given-tool.fixture.ts';
import { handleGate } from './handle-gate.ts';
import type { InfrastructureTool, Ports } from './ports.ts';

/** The store around the infrastructure of one environment, with what jobs of several runs write into it. */
export interface GivenEnvironment {
  /** One attempt of a job of a run. */
  attempt(run: RunState, around?: Attempted): JobContext<'iac'>;
  /** Makes attempts at the gate until one does not ask for another, and does what its result says. */
  work(run: RunState, around?: Attempted & { ports?: Partial<Ports> }): Promise<Result<'iac'>>;
  aRun(sequence?: number): Promise<RunState>;
  state(): EnvironmentInfrastructure;
  write(target: TargetWrite): 'finished' | 'target_moved';
  /** Keeps a part of the run's slice, as a job does. */
  keep(run: RunState, slice: object | undefined): void;
  answers: Map<string, string>;
  woken: { jobId: string; memo: unknown }[];
  shown: string[];
  store: Partial<ServiceStore>;
  artifacts: ArtifactStore;
}

const key = `acme/shop/production/${infrastructureName}`;

export function givenEnvironment(
  tool: InfrastructureTool | null,
  rules: Partial<InfrastructureRules> = {},
  destroysIn: readonly string[] = [],
): GivenEnvironment {
  const artifacts = memoryArtifacts();
  const { targets, woken, write } = givenTargets();
  const { answers, store } = givenStore(targets);
  const slices = new Map<string, Slices['iac']>();
  const shown: string[] = [];
  const plan = planWith(rules, destroysIn);

  function keep({ runId }: RunState, patch: object | undefined): void {
    slices.set(runId, { ...slices.get(runId), ...patch });
  }

  function attempt(given: RunState, attempted: Attempted = {}): JobContext<'iac'> {
    const run = { ...given, slices: { ...given.slices, iac: slices.get(given.runId) ?? {} } };
    const kept = {
      keep: (slice: object) => keep(run, slice),
      changeTarget: async (target: TargetWrite) => write(target),
    };
    return anAttempt({ run, plan, store, artifacts, shown, ...kept, ...attempted });
  }

  async function work(run: RunState, around: Attempted & { ports?: Partial<Ports> } = {}): Promise<Result<'iac'>> {
    const result = await handleGate(attempt(run, around), { ...portsWith(tool), ...around.ports });
    if (result.kind === 'again') return work(run, around);
    if (result.target !== undefined && write(result.target) === 'target_moved') throw new Error('The target has moved');
    keep(run, result.slice);
    return result;
  }

  async function aRun(sequence = 1): Promise<RunState> {
    const { digest } = await artifacts.put(Buffer.from(`snapshot ${sequence}`));
    return runOf(sequence, digest);
  }

  const state = () => {
    const stored = targets.get(key);
    return (stored === undefined ? null : parseTarget(stored.target).infrastructure) ?? untouchedInfrastructure;
  };
  return { attempt, work, aRun, state, write, keep, answers, woken, shown, store, artifacts };
}

function planWith(rules: Partial<InfrastructureRules>, destroysIn: readonly string[]): Plan {
  const limits = { planTimeoutMs: 60_000, applyTimeoutMs: 60_000 };
  const infrastructure = { tool: 'auto', path: '.', ...limits, rules: { ...usualInfrastructureRules, ...rules } };
  const rollback = { enabled: true, cooldownMs: 0, budgetPerDay: 1, destroysIn };
  return Object.assign(Object.create(null), { infrastructure, rollback });
}

function givenTargets() {
  const targets = new Map<string, StoredTarget>();
  const woken: GivenEnvironment['woken'] = [];
  const write: GivenEnvironment['write'] = ({ key: name, expected, target, wake = [] }) => {
    if ((targets.get(name)?.version ?? 0) !== expected) return 'target_moved';
    targets.set(name, { key: name, version: expected + 1, target: JSON.stringify(target) });
    woken.push(...wake.map(({ jobId, memo }) => ({ jobId, memo })));
    return 'finished';
  };
  return { targets, woken, write };
}

function givenStore(targets: ReadonlyMap<string, StoredTarget>) {
  const answers = new Map<string, string>();
  const parked: Pick<JobRecord, 'status'> = { status: 'parked' };
  const store: Partial<ServiceStore> = {
    readTarget: async (wanted) => targets.get(wanted) ?? null,
    listTargets: async () => [...targets.values()],
    readAnswer: async (_runId, answerKey) => answers.get(answerKey) ?? null,
    async answer(_runId, answerKey, memo) {
      if (answers.has(answerKey)) return 'already';
      answers.set(answerKey, memo);
      return 'stored';
    },
    readJob: async () => Object.assign(Object.create(null), parked),
    readJobs: async () => [],
  };
  return { answers, store };
}
