import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRepository, type ApiClient } from '@orchestra/cli';
import { signPush } from '../signed-push.ts';
import { waitUntil } from '../wait-until.ts';
import type { Contender } from './contender.ts';
import { launchPlatform } from './launch-platform.ts';

type RunState = Awaited<ReturnType<ApiClient['readRun']>>['run'];

/** One push and what became of it. Times are milliseconds since 1970. */
export interface Pushed {
  sentAt: number;
  run: RunState;
}

/** The platform as its users start it, with one repository of empty stages. */
export interface PlatformSide extends Contender {
  /** Pushes one branch and waits for the end of its run. */
  pushOne(): Promise<Pushed>;
  /** What the commands of a unit wrote. */
  readOutput(runId: string, unit: string): Promise<string>;
}

export interface StartPlatform {
  distributed: boolean;
  /** With the addresses of the neighbours, and a PATH on which `bwrap` is. */
  environment: Readonly<Record<string, string | undefined>>;
}

const files = [join(import.meta.dirname, '../../empty-stages')];
const repository = 'bench/empty';

/** Starts `orchestra up` on a fresh folder, with every command in bubblewrap. */
export async function startPlatform({ distributed, environment }: StartPlatform): Promise<PlatformSide> {
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-bench-'));
  // The user inside the sandbox has to be able to pass.
  await chmod(folder, 0o711);
  const data = join(folder, 'data');
  const bare = join(folder, 'repositories', `${repository}.git`);
  const { commit } = await createRepository({ folder: join(folder, 'work'), path: bare, files, values: {} });
  // Two commits: most pushes have one before them, which gitops fetches to count what changed.
  await commit('Begin');
  const { before, after } = await commit('Do nothing');
  const args = ['--repository', `${repository}=file://${bare}`, ...(distributed ? ['--distributed'] : [])];
  const removeAll = async (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const launched = await launchPlatform({ data, args, environment: { ...environment, SANDBOX: 'bubblewrap' } });
    const stop = async (): Promise<void> => launched.stop().then(removeAll);
    return { ...createSide({ ...launched, commit: after, before }), stop };
  } catch (error) {
    await removeAll();
    throw error;
  }
}

interface Reached {
  api: ApiClient;
  secret: string;
  commit: string;
  before: string;
}

function createSide({ api, secret, commit, before }: Reached): Omit<PlatformSide, 'stop'> {
  let branches = 0;

  // Every push is of a branch of its own: pushes to one branch would end each other's runs.
  async function pushOne(): Promise<Pushed> {
    branches += 1;
    const push = { repository, branch: `b${branches}`, commit, before, bytes: 7168 };
    const { body, headers } = signPush(push, secret);
    const sentAt = Date.now();
    const response = await fetch(`${api.url}/webhooks/github`, { method: 'POST', body: new Uint8Array(body), headers });
    const runId = runIdOf(await response.text());
    return { sentAt, run: await endOf(api, runId) };
  }

  return {
    pushOne,
    async push(count) {
      const pushed = await Promise.all(Array.from({ length: count }, pushOne));
      const ends = pushed.map(({ run }) => new Date(run.endedAt ?? 0).getTime());
      return Math.max(...ends) - Math.min(...pushed.map(({ sentAt }) => sentAt));
    },
    async readOutput(runId, unit) {
      const query = new URLSearchParams({ unit, from: '0' });
      const { text } = await api.read<{ text: string }>(`/runs/${runId}/logs?${query.toString()}`);
      return text;
    },
  };
}

function runIdOf(text: string): string {
  const answer: { runId?: unknown } = JSON.parse(text);
  if (typeof answer.runId === 'string') return answer.runId;
  throw new Error(`The push was not accepted: ${text}`);
}

// The run says itself when it ended. Each look is a request to the platform, which Buildbot's side does not have to answer.
const patience = { timeoutMs: 300_000, everyMs: 250 };

async function endOf(api: ApiClient, runId: string): Promise<RunState> {
  const ended: RunState[] = [];
  await waitUntil(
    `the end of run ${runId}`,
    async () => {
      const { run, overall } = await api.readRun(runId);
      if (run.endedAt === null) return false;
      // Anything else was no run of empty stages in a sandbox, and its time says nothing.
      if (overall.status !== 'success' || run.notes.includes('unsandboxed')) {
        throw new Error(`Run ${runId} ended as ${overall.status}: ${JSON.stringify(run.units)} ${run.notes.join()}`);
      }
      ended.push(run);
      return true;
    },
    patience,
  );
  const [run] = ended;
  if (run === undefined) throw new Error(`Run ${runId} has no end`);
  return run;
}
