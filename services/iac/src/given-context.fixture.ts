import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { OrchestraError, type Plan, type RunState, type WishKind } from '@orchestra/contracts';
import type { ArtifactStore, JobContext, Log, ServiceStore } from '@orchestra/runtime';

export interface Attempted {
  generation?: number;
  now?: Date;
  wishes?: readonly WishKind[];
}

export interface Around extends Attempted {
  run: RunState;
  plan: Plan;
  store: Partial<ServiceStore>;
  artifacts: ArtifactStore;
  shown: string[];
  changeTarget: JobContext<'iac'>['changeTarget'];
  keep(slice: object): void;
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

/** One attempt at the infrastructure of production. A method of the store that was not given fails by its absence. */
export function anAttempt({ run, plan, store, artifacts, ...around }: Around): JobContext<'iac'> {
  const { generation = 1, now = new Date('2026-01-01T00:00:00Z'), wishes = [] } = around;
  return {
    store: Object.assign(Object.create(null), store),
    artifacts,
    logs: { append: async () => {}, read: async () => ({ text: '', next: 0 }), list: async () => [] },
    clock: { now: () => now, monotonicMs: () => 0, wait: turn },
    ids: { next: randomUUID, chance: () => 0.5 },
    log: silent,
    notes: [],
    job: {
      jobId: `job-${run.sequence}-${generation}`,
      cause: 'cause',
      causes: [],
      unit: 'iac/production',
      generation,
      attempt: 1,
      stalls: 0,
      parks: 0,
      gate: null,
      memo: null,
      createdAt: now,
    },
    run: { ...run, generation },
    plan: async () => plan,
    now,
    signal: new AbortController().signal,
    wishes: () => wishes.map((wish) => ({ wish, generation, units: null, reason: '', actor: null, at: '' })),
    output: async (text) => void around.shown.push(text),
    changeTarget: around.changeTarget,
    note: async (slice) => around.keep(slice),
  };
}

// A wait that is over at once would starve whatever a loop waits for; one turn of the event loop does not.
async function turn(): Promise<void> {
  await new Promise((over) => setImmediate(over));
}

/** A run of acme/shop, by its number. */
export function runOf(sequence: number, snapshotDigest: string): RunState {
  const source = { planDigest: null, snapshotDigest, baseCommit: null, changedFiles: null };
  const gitops = { source: { ...source, problems: [], warnings: [], licenses: [] } };
  const others = { build: {}, 'code-analysis': {}, test: {}, deploy: {}, observability: {}, rollback: {}, chatops: {} };
  const identity = { runId: `run-${sequence}`, repository: 'acme/shop', commit: `${sequence}`.repeat(40) };
  const push = { ref: 'refs/heads/main', branch: 'main', before: null, author: 'ada', message: null } as const;
  const forge = { trigger: 'PUSH', pullRequest: null, cloneUrl: '', environmentLimit: null, metadata: {} } as const;
  const life = { v: 1, sequence, generation: 1, createdAt: '', deadlineAt: null, endedAt: null, hopsLimit: 100 };
  const work = { plannedUnits: [], units: {}, wishes: [], notes: [], slices: { ...others, gitops, iac: {} } };
  return { ...identity, ...push, ...forge, ...life, ...work };
}

/** A store of artifacts in memory. */
export function memoryArtifacts(): ArtifactStore {
  const kept = new Map<string, Buffer>();
  const find = (digest: string): Buffer => {
    const bytes = kept.get(digest);
    if (bytes === undefined) throw new OrchestraError('ARTIFACT_MISSING', `No artifact ${digest}`);
    return bytes;
  };
  return {
    async put(content) {
      const bytes = Buffer.isBuffer(content) ? content : await buffer(content);
      const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
      kept.set(digest, bytes);
      return { digest, sizeBytes: bytes.length };
    },
    has: async (digest) => kept.has(digest),
    open: async (digest) => Readable.from([find(digest)]),
    read: async (digest) => find(digest),
    list: async () => [],
    remove: async () => false,
  };
}
