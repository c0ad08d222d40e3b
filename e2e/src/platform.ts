import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalTarget } from '@orchestra/adapters/local-target';
import { createApiClient, findAddress, findCredentials, type ApiClient } from '@orchestra/cli';
import { eventually } from '@orchestra/testkit';

/** A platform that runs as its users run it: started by the command line, reached over HTTP. */
export interface PlatformUnderTest {
  url: string;
  /** Secret of the webhook. */
  secret: string;
  api: ApiClient;
  folder: string;
  /** Bare repositories in here are allowed: `<owner>/<name>.git`. */
  repositories: string;
  /** The service processes that run now; none in the embedded form. */
  processes(): Promise<readonly { name: string; replica: number; pid: number }[]>;
  stop(): Promise<void>;
}

export interface StartPlatform {
  distributed: boolean;
  /** Entries of --replicas. */
  replicas?: readonly string[];
  environment: Readonly<Record<string, string | undefined>>;
}

const launcher = join(import.meta.dirname, '../../apps/cli/bin/orchestra.js');

/** Starts `orchestra up` on a fresh data folder. */
export async function startPlatform(start: StartPlatform): Promise<PlatformUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-e2e-'));
  // The user inside the sandbox has to be able to pass.
  await chmod(folder, 0o711);
  const data = join(folder, 'data');
  const repositories = join(folder, 'repositories');
  const { child, said } = launch(start, { data, repositories });
  await eventually({
    see: async () => (await findAddress(data)) !== null || hasEnded(child),
    until: (over) => over,
    timeoutMs: 120_000,
  });
  const address = await findAddress(data);
  const credentials = await findCredentials(data);
  if (address === null || credentials === null) throw new Error(`The platform did not start:\n${said()}`);
  const { url } = address;
  return {
    url,
    secret: credentials.webhookSecret,
    api: createApiClient({ url, token: credentials.apiToken }),
    folder: data,
    repositories,
    processes: async () => JSON.parse(await readFile(join(data, 'processes.json'), 'utf8')),
    async stop() {
      await end(child);
      const path = start.environment['PATH'] ?? '';
      await createLocalTarget({ folder: join(data, 'target'), mode: 'auto', path }).shutdown();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Launched {
  child: ChildProcess;
  /** What it has written to its error output so far. */
  said(): string;
}

function launch(start: StartPlatform, { data, repositories }: { data: string; repositories: string }): Launched {
  const { distributed, replicas = [], environment: env } = start;
  const entry = `e2e/*=file://${repositories}/{repository}.git`;
  const form = distributed ? ['--distributed', ...replicas.flatMap((replica) => ['--replicas', replica])] : [];
  const args = ['up', '--data', data, '--port', '0', '--repository', entry, ...form];
  const child = spawn(process.execPath, [launcher, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
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
