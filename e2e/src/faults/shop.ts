import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createRepository,
  freePort,
  offerPush,
  sendPush,
  startTraffic,
  type Push,
  type PushAnswer,
  type ShownRun,
} from '@orchestra/cli';
import type { AcceptedPush } from '@orchestra/testkit';
import type { PlatformUnderTest } from '../platform.ts';
import { base } from '../scenarios.ts';
import { lookUntil } from './look-until.ts';

/** A push that the platform said yes to. */
export interface Pushed extends Push {
  runId: string;
}

/** A repository whose service is released, with users who ask it all the time. */
export interface Shop {
  /** Full name of the repository. */
  name: string;
  /** Commits and pushes; says it again until the platform has answered, as the forge's next delivery would. */
  push(message: string): Promise<Pushed>;
  /** Commits, and tells of it once, whatever the answer is. */
  offer(message: string): Promise<Push & { answer: PushAnswer }>;
  /** Tells of a push until the platform has said yes. */
  insist(push: Push): Promise<Pushed>;
  /** Tells of a push once more, under another delivery. */
  repeat(pushed: Pushed): Promise<string>;
  /** Waits until a run has ended, and gives its status. */
  endOf(runId: string, timeoutMs?: number): Promise<string>;
  /** The platform's answer, or null while nobody gives one. */
  look(runId: string): Promise<ShownRun | null>;
  /** The commit that serves in production. */
  serving(): Promise<string | null>;
  /** What the rollout is doing that has the lane in production; null: none has. */
  lane(): Promise<string | null>;
  /** A person takes back what serves. */
  rollBack(): Promise<void>;
  /** Requests of users that failed so far. */
  failedRequests(): number;
  /** All pushes that were answered so far. */
  pushes: readonly AcceptedPush[];
  close(): Promise<void>;
}

const patienceMs = 300_000;

interface OpenShop {
  /** Under `e2e/faults`: `repository` runs every stage, `light` computes little. Default `repository`. */
  pipeline?: 'repository' | 'light';
  /** How long a build of the light one takes. Default 0. */
  buildMs?: number;
  /** How long a release of the light one takes until it is ready. Default 0. */
  startMs?: number;
}

/** Makes a shop on a platform, under a name of its own. */
export async function openShop(platform: PlatformUnderTest, open: OpenShop = {}): Promise<Shop> {
  const { pipeline = 'repository', buildMs = 0, startMs = 0 } = open;
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-shop-'));
  const port = await freePort();
  const name = `e2e/shop-${randomBytes(4).toString('hex')}`;
  const files = [base, join(base, '../faults', pipeline)];
  const path = join(platform.repositories, `${name}.git`);
  const values = { PORT: String(port), BUILD_MS: String(buildMs), START_MS: String(startMs) };
  const repository = await createRepository({ folder, path, files, values });
  const traffic = startTraffic({ port, perSecond: 10 });
  const pushes: AcceptedPush[] = [];
  const commit = async (message: string): Promise<Push> => {
    // Other content is another version: one that a rollback put into quarantine is not released again.
    await writeFile(join(folder, 'version.txt'), randomUUID());
    return repository.commit(message);
  };
  const insistOn = async (made: Push): Promise<Pushed> => {
    const runId = await tell(platform, name, made);
    const at = new Date().toISOString();
    pushes.push({ delivery: runId, runId, repository: name, ref: 'refs/heads/main', commit: made.after, at });
    return { ...made, runId };
  };
  return {
    name,
    pushes,
    failedRequests: traffic.errors,
    push: async (message) => insistOn(await commit(message)),
    async offer(message) {
      const made = await commit(message);
      return { ...made, answer: await offerPush(ofPush(platform, name, made)) };
    },
    insist: insistOn,
    repeat: (pushed) => tell(platform, name, pushed),
    ...createSight(platform, name),
    async close() {
      traffic.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function tell(platform: PlatformUnderTest, repository: string, made: Push): Promise<string> {
  return insist(() => sendPush(ofPush(platform, repository, made)));
}

function ofPush({ url, secret }: PlatformUnderTest, repository: string, { before, after }: Push) {
  return { url, secret, push: { repository, before, after, message: 'a test of faults', author: 'ada' } };
}

type Sight = Pick<Shop, 'look' | 'endOf' | 'serving' | 'lane' | 'rollBack'>;

/** What people see of a repository, and do about it. */
function createSight({ api }: PlatformUnderTest, name: string): Sight {
  const key = [name, 'production', 'shop'];
  const look = (runId: string): Promise<ShownRun | null> => api.readRun(runId).catch(() => null);
  const lookAtTarget = async (): Promise<ShownTarget | null> => {
    const { targets } = await insist(() => api.read<ShownTargets>('/targets'));
    return targets.find((target) => target.key === key.join('/'))?.target ?? null;
  };
  return {
    look,
    async endOf(runId, timeoutMs = patienceMs) {
      const see = () => look(runId);
      const shown = await lookUntil({ see, until: (run) => run?.overall.kind === 'ended', timeoutMs });
      return shown?.overall.status ?? '';
    },
    serving: async () => (await lookAtTarget())?.current?.commit ?? null,
    lane: async () => (await lookAtTarget())?.lane?.state ?? null,
    async rollBack() {
      const target = key.map(encodeURIComponent).join('/');
      await insist(() => api.order(`/targets/${target}/rollback`, { reason: 'a test of faults' }));
    },
  };
}

/** Whether a unit of a run has one of these statuses. */
export function isIn(shown: ShownRun | null, unit: string, statuses: readonly string[]): boolean {
  return statuses.includes(shown?.run.units[unit]?.status ?? '');
}

interface ShownTargets {
  targets: { key: string; target: ShownTarget }[];
}

interface ShownTarget {
  current: { commit: string } | null;
  lane: { state: string } | null;
}

// Whoever asks may meet a service that is being started again.
async function insist<T>(ask: () => Promise<T>): Promise<T> {
  const see = (): Promise<{ value: T } | null> =>
    ask().then(
      (value) => ({ value }),
      () => null,
    );
  const answer = await lookUntil({ see, until: (given) => given !== null, timeoutMs: patienceMs });
  if (answer === null) throw new Error('nobody answered');
  return answer.value;
}
