import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFreePort } from '@orchestra/testkit/neighbours';
import { anyCommit, signPush } from '../signed-push.ts';
import { waitUntil } from '../wait-until.ts';
import { commandLine, masterConfig, workerName, workerPassword, type BuildbotSettings } from './buildbot-files.ts';
import type { Contender } from './contender.ts';
import { installBuildbot } from './install-buildbot.ts';

const run = promisify(execFile);
const succeeded = '0';

/** Starts Buildbot's master and one worker, as its manual does, on loopback. */
export async function startBuildbot(say: (text: string) => void): Promise<Contender> {
  const python = await installBuildbot(say);
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-bench-buildbot-'));
  const settings: BuildbotSettings = {
    port: await findFreePort(),
    workerPort: await findFreePort(),
    secret: randomBytes(24).toString('hex'),
    ends: join(folder, 'ends'),
  };
  await writeFile(settings.ends, '');
  const children: ChildProcess[] = [];
  async function stop(): Promise<void> {
    await Promise.all(children.map(end));
    await rm(folder, { recursive: true, force: true });
  }
  const url = `http://127.0.0.1:${settings.port}`;
  try {
    children.push(await startMaster(python, join(folder, 'master'), settings));
    children.push(await startWorker(python, join(folder, 'worker'), settings));
    await waitUntil('Buildbot', () => hasWorker(url));
  } catch (error) {
    await stop();
    throw error;
  }
  return { push: (count) => push(url, count, settings), stop };
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

async function startMaster(python: string, folder: string, settings: BuildbotSettings): Promise<ChildProcess> {
  const program = ['-c', commandLine('buildbot')];
  await run(python, [...program, 'create-master', folder]);
  await writeFile(join(folder, 'master.cfg'), masterConfig(settings));
  await run(python, [...program, 'upgrade-master', folder]);
  return spawn(python, [...program, 'start', '--nodaemon', folder], { stdio: 'ignore' });
}

async function startWorker(python: string, folder: string, { workerPort }: BuildbotSettings): Promise<ChildProcess> {
  const program = ['-c', commandLine('buildbot_worker')];
  await run(python, [...program, 'create-worker', folder, `127.0.0.1:${workerPort}`, workerName, workerPassword]);
  return spawn(python, [...program, 'start', '--nodaemon', folder], { stdio: 'ignore' });
}

async function hasWorker(url: string): Promise<boolean> {
  try {
    const text = await (await fetch(`${url}/api/v2/workers`)).text();
    const { workers = [] }: { workers?: { connected_to: unknown[] }[] } = JSON.parse(text);
    return workers.some(({ connected_to: masters }) => masters.length > 0);
  } catch {
    return false;
  }
}

async function push(url: string, count: number, { secret, ends }: BuildbotSettings): Promise<number> {
  const before = (await readEnds(ends)).length;
  const sentAt = Date.now();
  await Promise.all(Array.from({ length: count }, (_, index) => sendHook(url, `b${before + index}`, secret)));
  await waitUntil(`${count} builds`, async () => (await readEnds(ends)).length >= before + count, {
    timeoutMs: 300_000,
  });
  const news = (await readEnds(ends)).slice(before);
  const bad = news.find(({ result }) => result !== succeeded);
  if (bad !== undefined) throw new Error(`A build of Buildbot ended as ${bad.result}`);
  return Math.max(...news.map(({ at }) => at)) - sentAt;
}

async function sendHook(url: string, branch: string, secret: string): Promise<void> {
  const commit = anyCommit();
  const { body, headers } = signPush({ repository: 'bench/empty', branch, commit, bytes: 7168 }, secret);
  const response = await fetch(`${url}/change_hook/github`, { method: 'POST', body: new Uint8Array(body), headers });
  if (!response.ok) throw new Error(`Buildbot refused a push: ${response.status} ${await response.text()}`);
}

async function readEnds(file: string): Promise<{ at: number; result: string }[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const [at = '', result = ''] = line.split(' ');
    return { at: Number(at), result };
  });
}
