import { randomUUID } from 'node:crypto';
import type { Plan, RunState, Slices, WishKind } from '@orchestra/contracts';
import type { ArtifactStore, Decided, JobContext, Log, ServiceStore } from '@orchestra/runtime';

export interface Around {
  run: RunState;
  unit: string;
  plan: Plan;
  now: Date;
  wishes: readonly WishKind[];
  store: Partial<ServiceStore>;
  changeTarget: JobContext<'deploy'>['changeTarget'];
  noted: Decided[];
  output: string[];
  keep(slice: object): void;
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

/** One attempt at a job of a rollout. A method of the store that was not given fails by its absence. */
export function anAttempt({ run, unit, plan, now, wishes, store, ...around }: Around): JobContext<'deploy'> {
  const { generation } = run;
  const artifacts: ArtifactStore = Object.assign(Object.create(null), { has: async () => true });
  const ids = { jobId: `job-${generation}`, cause: 'cause', causes: [] };
  const counts = { attempt: 1, stalls: 0, parks: 0 };
  return {
    store: Object.assign(Object.create(null), store),
    artifacts,
    logs: { append: async () => {}, read: async () => ({ text: '', next: 0 }), list: async () => [] },
    clock: { now: () => now, monotonicMs: () => 0, wait: turn },
    ids: { next: randomUUID, chance: () => 0.5 },
    log: silent,
    notes: [],
    job: { ...ids, ...counts, unit, generation, gate: null, memo: null, createdAt: now },
    run,
    plan: async () => plan,
    now,
    signal: new AbortController().signal,
    wishes: () => wishes.map((wish) => ({ wish, generation, units: null, reason: '', actor: null, at: '' })),
    output: async (text) => void around.output.push(text),
    changeTarget: around.changeTarget,
    note: async (slice, decided = []) => {
      around.keep(slice);
      around.noted.push(...decided);
    },
  };
}

// A wait that is over at once would starve whatever a loop waits for; one turn of the event loop does not.
async function turn(): Promise<void> {
  await new Promise((over) => setImmediate(over));
}

/** What gitops says of a source of which nothing else is known. */
export function aSource(snapshotDigest = 'sha256:source'): NonNullable<Slices['gitops']['source']> {
  const nothing = { changedFiles: null, baseCommit: null, problems: [], warnings: [], licenses: [] };
  return { planDigest: 'sha256:p', snapshotDigest, ...nothing };
}

/** A run of acme/shop by linus, with the artifact that it brings. */
export function aRunOf(sequence: number, snapshotDigest: string): RunState {
  const others = { build: {}, 'code-analysis': {}, test: {}, iac: {}, observability: {}, rollback: {}, chatops: {} };
  const slices: Slices = { ...others, gitops: { source: aSource(snapshotDigest) }, deploy: {} };
  const identity = { runId: `run-${sequence}`, repository: 'acme/shop', commit: `${sequence}`.repeat(40) };
  const push = { ref: 'refs/heads/main', branch: 'main', before: null, author: 'linus', message: null } as const;
  const forge = { trigger: 'PUSH', pullRequest: null, cloneUrl: '', environmentLimit: null, metadata: {} } as const;
  const life = { v: 1, sequence, generation: 1, createdAt: '', deadlineAt: null, endedAt: null, hopsLimit: 100 };
  return { ...identity, ...push, ...forge, ...life, plannedUnits: [], units: {}, wishes: [], notes: [], slices };
}
