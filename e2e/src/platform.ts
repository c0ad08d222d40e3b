import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalTarget } from '@orchestra/adapters/local-target';
import {
  createApiClient,
  ensureCredentials,
  findAddress,
  freePort,
  removeAddress,
  type ApiClient,
} from '@orchestra/cli';
import { digestToken } from '@orchestra/runtime';
import { eventually } from '@orchestra/testkit';
import { runInitJob } from './run-init-job.ts';

/** A platform that runs as its users run it: started by the command line, reached over HTTP. */
export interface PlatformUnderTest {
  url: string;
  /** Secret of the webhook. */
  secret: string;
  /** Bearer token of `POST /trigger`. */
  triggerToken: string;
  api: ApiClient;
  /** The same with the token of a person. */
  apiOf(person: Person): ApiClient;
  /** Bare repositories in here are allowed: `<owner>/<name>.git`. */
  repositories: string;
  /** The data folder. */
  data: string;
  /** The service processes that run now; none in the embedded form. */
  processes(): Promise<readonly { name: string; replica: number; pid: number; port: number }[]>;
  /** SIGKILL for the platform's process, and a new one on the same data. */
  killAndRestart(): Promise<void>;
  stop(): Promise<void>;
}

export interface StartPlatform {
  distributed: boolean;
  /** Entries of --replicas. */
  replicas?: readonly string[];
  environment: Readonly<Record<string, string | undefined>>;
}

const people = ['ada', 'grace', 'linus'] as const;

/** Those who may give orders under their own names; linus is in the group release-managers. */
export type Person = (typeof people)[number];

function tokenOf(person: Person): string {
  return `the token of ${person} in these tests`.replaceAll(' ', '-');
}

const launcher = join(import.meta.dirname, '../../apps/cli/bin/orchestra.js');

/** Starts `orchestra up` on a fresh data folder. */
export async function startPlatform(start: StartPlatform): Promise<PlatformUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-e2e-'));
  // The user inside the sandbox has to be able to pass.
  await chmod(folder, 0o711);
  const place = { data: join(folder, 'data'), repositories: join(folder, 'repositories'), port: await freePort() };
  if (start.distributed) await runInitJob(start.environment);
  let child = await launchUntilReady(start, place);
  const { webhookSecret: secret, apiToken: token, triggerToken } = await ensureCredentials(place.data);
  const url = `http://127.0.0.1:${place.port}`;
  return {
    url,
    secret,
    triggerToken,
    api: createApiClient({ url, token }),
    apiOf: (person) => createApiClient({ url, token: tokenOf(person) }),
    repositories: place.repositories,
    data: place.data,
    processes: async () => JSON.parse(await readFile(join(place.data, 'processes.json'), 'utf8')),
    async killAndRestart() {
      const address = await findAddress(place.data);
      if (address !== null) process.kill(address.pid, 'SIGKILL');
      if (!hasEnded(child)) await once(child, 'exit');
      await removeAddress(place.data);
      child = await launchUntilReady(start, place);
    },
    async stop() {
      await end(child);
      const path = start.environment['PATH'] ?? '';
      await createLocalTarget({ folder: join(place.data, 'target'), mode: 'auto', path }).shutdown();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Place {
  data: string;
  repositories: string;
  port: number;
}

async function launchUntilReady(start: StartPlatform, place: Place): Promise<ChildProcess> {
  const { child, said } = launch(start, place);
  const see = async (): Promise<boolean> => (await findAddress(place.data)) !== null || hasEnded(child);
  await eventually({ see, until: (over) => over, timeoutMs: 120_000 }).catch(async (error: unknown) => {
    await end(child);
    throw error;
  });
  if (hasEnded(child)) throw new Error(`The platform did not start:\n${said()}`);
  return child;
}

interface Launched {
  child: ChildProcess;
  /** What it has written to its error output so far. */
  said(): string;
}

function launch(start: StartPlatform, { data, repositories, port }: Place): Launched {
  const { distributed, replicas = [], environment: env } = start;
  const entry = `e2e/*=file://${repositories}/{repository}.git`;
  const form = distributed ? ['--distributed', ...replicas.flatMap((replica) => ['--replicas', replica])] : [];
  const args = ['up', '--data', data, '--port', String(port), '--repository', entry, ...form];
  // What a scenario's repository gets without a word to the platform is not looked for, unless that is the subject.
  const tokens = people.map((person) => `${person}:operator:${digestToken(tokenOf(person))}`);
  const known = { API_TOKENS: tokens.join(','), APPROVER_GROUPS: 'linus:release-managers' };
  const environmentOfAll = { MISSED_PUSHES_EVERY_MS: '3600000', ...known, ...env };
  const child = spawn(process.execPath, [launcher, ...args], {
    env: environmentOfAll,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-20_000);
  });
  return { child, said: () => text };
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
