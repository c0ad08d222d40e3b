import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRepository, freePort, sendPush, startTraffic, type Push, type ShownRun } from '@orchestra/cli';
import { eventually, type AcceptedPush } from '@orchestra/testkit';
import type { PlatformUnderTest } from '../platform.ts';
import { base } from '../scenarios.ts';

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
  /** Tells of a push once more, under another delivery. */
  repeat(pushed: Pushed): Promise<string>;
  /** Waits until a run has ended, and gives its status. */
  endOf(runId: string, timeoutMs?: number): Promise<string>;
  /** The platform's answer, or null while nobody gives one. */
  look(runId: string): Promise<ShownRun | null>;
  /** The commit that serves in production. */
  serving(): Promise<string | null>;
  /** A person takes back what serves. */
  rollBack(): Promise<void>;
  /** All pushes that were answered so far. */
  pushes: readonly AcceptedPush[];
  close(): Promise<void>;
}

const patienceMs = 60_000;

interface OpenShop {
  /** Under `e2e/faults`: `repository` runs every stage, `light` computes little. Default `repository`. */
  pipeline?: 'repository' | 'light';
  /** How long a build of the light one takes. Default 0. */
  buildMs?: number;
}

/** Makes a shop on a platform, under a name of its own. */
export async function openShop(platform: PlatformUnderTest, open: OpenShop = {}): Promise<Shop> {
  const { pipeline = 'repository', buildMs = 0 } = open;
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-shop-'));
  const port = await freePort();
  const name = `e2e/shop-${randomBytes(4).toString('hex')}`;
  const files = [base, join(base, '../faults', pipeline)];
  const path = join(platform.repositories, `${name}.git`);
  const values = { PORT: String(port), BUILD_MS: String(buildMs) };
  const repository = await createRepository({ folder, path, files, values });
  const traffic = startTraffic({ port, perSecond: 20 });
  const pushes: AcceptedPush[] = [];
  return {
    name,
    pushes,
    async push(message) {
      // Other content is another version: one that a rollback put into quarantine is not released again.
      await writeFile(join(folder, 'version.txt'), randomUUID());
      const made = await repository.commit(message);
      const runId = await tell(platform, name, made);
      const at = new Date().toISOString();
      pushes.push({ delivery: runId, runId, repository: name, ref: 'refs/heads/main', commit: made.after, at });
      return { ...made, runId };
    },
    repeat: (pushed) => tell(platform, name, pushed),
    ...createSight(platform, name),
    async close() {
      traffic.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function tell({ url, secret }: PlatformUnderTest, repository: string, { before, after }: Push): Promise<string> {
  const push = { repository, before, after, message: 'a test of faults', author: 'ada' };
  return insist(() => sendPush({ url, secret, push }));
}

type Sight = Pick<Shop, 'look' | 'endOf' | 'serving' | 'rollBack'>;

/** What people see of a repository, and do about it. */
function createSight({ api }: PlatformUnderTest, name: string): Sight {
  const key = [name, 'production', 'shop'];
  const look = (runId: string): Promise<ShownRun | null> => api.readRun(runId).catch(() => null);
  return {
    look,
    async endOf(runId, timeoutMs = patienceMs) {
      const see = () => look(runId);
      const shown = await eventually({ see, until: (run) => run?.overall.kind === 'ended', timeoutMs });
      return shown?.overall.status ?? '';
    },
    async serving() {
      const { targets } = await insist(() => api.read<ShownTargets>('/targets'));
      return targets.find((target) => target.key === key.join('/'))?.target.current?.commit ?? null;
    },
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
  targets: { key: string; target: { current: { commit: string } | null } }[];
}

// Whoever asks may meet a service that is being started again.
async function insist<T>(ask: () => Promise<T>): Promise<T> {
  const see = (): Promise<{ value: T } | null> =>
    ask().then(
      (value) => ({ value }),
      () => null,
    );
  const answer = await eventually({ see, until: (given) => given !== null, timeoutMs: patienceMs });
  if (answer === null) throw new Error('nobody answered');
  return answer.value;
}
