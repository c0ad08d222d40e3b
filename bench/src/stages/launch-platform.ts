import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createApiClient, ensureCredentials, findAddress, type ApiClient } from '@orchestra/cli';
import { waitUntil } from '../wait-until.ts';

/** A platform that runs as its users run it. */
export interface Launched {
  api: ApiClient;
  /** Secret of the webhook. */
  secret: string;
  /** Ends it in order, and waits for it. */
  stop(): Promise<void>;
}

export interface LaunchPlatform {
  /** The data folder. */
  data: string;
  /** What `orchestra up` is told beside that. */
  args: readonly string[];
  environment: Readonly<Record<string, string | undefined>>;
}

const launcher = join(import.meta.dirname, '../../../apps/cli/bin/orchestra.js');

/** Starts `orchestra up` on a fresh data folder and any free port. */
export async function launchPlatform({ data, args, environment }: LaunchPlatform): Promise<Launched> {
  const child = spawn(process.execPath, [launcher, 'up', '--data', data, '--port', '0', ...args], {
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  async function stop(): Promise<void> {
    child.kill('SIGTERM');
    if (!hasEnded(child)) await once(child, 'exit');
  }
  try {
    const url = await addressOf(child, data);
    const { apiToken: token, webhookSecret: secret } = await ensureCredentials(data);
    return { api: createApiClient({ url, token }), secret, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Topics, schemas and the identity of the store, as `orchestra init` makes them. */
export async function initialize(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  const child = spawn(process.execPath, [launcher, 'init'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code]: unknown[] = await once(child, 'exit');
  if (code !== 0) throw new Error(`orchestra init ended with ${String(code)}`);
}

// Nine processes that start at once on two busy cores take their time.
const startMs = 240_000;

async function addressOf(child: ChildProcess, data: string): Promise<string> {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    said = (said + chunk).slice(-4000);
  });
  await waitUntil('the platform', async () => hasEnded(child) || (await findAddress(data)) !== null, {
    timeoutMs: startMs,
  });
  const address = await findAddress(data);
  if (address === null) throw new Error(`The platform does not start:\n${said}`);
  return address.url;
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
