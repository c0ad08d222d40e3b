import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Plan, RunState, ServiceName, Slices, Wish } from '@orchestra/contracts';
import {
  OrchestraError,
  type ArtifactStore,
  type Decided,
  type JobContext,
  type JobView,
  type Log,
  type LogStore,
  type ServiceStore,
} from '@orchestra/runtime';

/** What a test may put around an attempt. */
export interface Around<S extends ServiceName> {
  run?: Partial<RunState>;
  plan?: Plan;
  job?: Partial<JobView>;
  wishes?: readonly Wish[];
  now?: Date;
  signal?: AbortSignal;
  /** The methods of the store that the handler is allowed to use; any other one throws. */
  store?: Partial<ServiceStore>;
  artifacts?: ArtifactStore;
  output?: string[];
  changeTarget?: JobContext<S>['changeTarget'];
  /** Takes the decisions that are told while the job works. */
  noted?: Decided[];
}

/** A log that keeps nothing. */
export const silentLog: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLog,
};

const noSlices: Slices = {
  gitops: {},
  build: {},
  'code-analysis': {},
  test: {},
  iac: {},
  deploy: {},
  observability: {},
  rollback: {},
  chatops: {},
};

/** A run with an identity of its own; `change` says what differs. */
export function aRun(change: Partial<RunState> = {}): RunState {
  return {
    runId: randomUUID(),
    repository: 'acme/shop',
    ref: 'refs/heads/main',
    branch: 'main',
    commit: 'a'.repeat(40),
    before: null,
    author: 'ada',
    message: 'Change the shop',
    trigger: 'PUSH',
    pullRequest: null,
    cloneUrl: 'file:///repository.git',
    environmentLimit: null,
    metadata: {},
    v: 1,
    sequence: 1,
    generation: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
    deadlineAt: null,
    endedAt: null,
    hopsLimit: 100,
    plannedUnits: [],
    units: {},
    wishes: [],
    notes: [],
    slices: noSlices,
    ...change,
  };
}

/** A store of artifacts in memory. */
export function createMemoryArtifacts(): ArtifactStore {
  const kept = new Map<string, Buffer>();
  const storedAt = new Map<string, Date>();
  const find = (digest: string): Buffer => {
    const bytes = kept.get(digest);
    if (bytes === undefined) throw new OrchestraError('ARTIFACT_MISSING', `No artifact ${digest}`);
    return bytes;
  };
  return {
    async put(content) {
      const bytes = Buffer.isBuffer(content) ? content : await readAll(content);
      const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
      kept.set(digest, bytes);
      storedAt.set(digest, new Date());
      return { digest, sizeBytes: bytes.length };
    },
    has: async (digest) => kept.has(digest),
    open: async (digest) => Readable.from([find(digest)]),
    read: async (digest) => find(digest),
    list: async () => [...storedAt].map(([digest, at]) => ({ digest, storedAt: at })),
    async remove(digest, storedBefore) {
      const at = storedAt.get(digest);
      if (at === undefined || at >= storedBefore) return false;
      storedAt.delete(digest);
      return kept.delete(digest);
    },
  };
}

async function readAll(content: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

// A wait that is over at once would starve whatever a loop waits for; one turn of the event loop does not.
async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** The context of one attempt, with fakes for everything that the test does not give. */
export function aContext<S extends ServiceName>(service: S, around: Around<S> = {}): JobContext<S> {
  const { plan, wishes = [], output = [], noted = [] } = around;
  const now = around.now ?? new Date('2026-01-01T00:00:00Z');
  const run = aRun(around.run);
  const job: JobView = {
    jobId: randomUUID(),
    cause: randomUUID(),
    causes: [],
    unit: null,
    generation: run.generation,
    attempt: 1,
    stalls: 0,
    parks: 0,
    gate: null,
    memo: null,
    createdAt: now,
    ...around.job,
  };
  return {
    store: onlyGiven(service, around.store ?? {}),
    artifacts: around.artifacts ?? createMemoryArtifacts(),
    logs: emptyLogs,
    clock: { now: () => now, monotonicMs: () => 0, wait: turn },
    ids: { next: randomUUID, chance: () => 0.5 },
    log: silentLog,
    notes: [],
    job,
    run,
    plan: async () => {
      if (plan === undefined) throw new OrchestraError('ARTIFACT_MISSING', 'The test gave no plan');
      return plan;
    },
    now,
    signal: around.signal ?? new AbortController().signal,
    wishes: () => wishes,
    output: async (text) => {
      output.push(text);
    },
    changeTarget: around.changeTarget ?? (async () => 'finished'),
    note: async (_slice, decided = []) => void noted.push(...decided),
  };
}

const emptyLogs: LogStore = {
  append: async () => {},
  read: async () => ({ text: '', next: 0 }),
  list: async () => [],
};

// A handler that reaches for a method which the test did not give fails by name instead of by undefined.
function onlyGiven(service: ServiceName, given: Partial<ServiceStore>): ServiceStore {
  const target: ServiceStore = Object.assign(Object.create(null), given);
  return new Proxy(target, {
    get(store, name, receiver) {
      if (name in store) return Reflect.get(store, name, receiver);
      throw new Error(`${service} used store.${String(name)}, which the test did not give`);
    },
  });
}
