import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { initDistributed, openDistributed, type Distributed } from '@orchestra/backends/distributed';
import { createRepository, sendPush } from '@orchestra/cli';
import { runtimeEnv, type JobRecord } from '@orchestra/runtime';
import { eventually, silentLog } from '@orchestra/testkit';
import { startKafka, startRedis, type Neighbour } from '@orchestra/testkit/neighbours';
import { base } from './scenarios.ts';
import { startServiceProcess } from './service-process.ts';
import { tellTime } from './tell-time.ts';

const drainMs = 500;
const secret = 'a secret of this test';
// Longer than the drain time, so that the first process cannot end it.
const pipelineFile = `
project: {name: shop, language: javascript}
build: {tool: command, command: [node, -e, 'setTimeout(() => {}, 3000)']}
`;

let folder = '';
let neighbours: readonly Neighbour[] = [];
let environment: Record<string, string> = {};
let backends: Distributed;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orchestra-drained-'));
  // The user inside the sandbox has to be able to pass.
  await chmod(folder, 0o711);
  // Groups and keys of services have fixed names: servers that no other platform uses.
  const [kafka, redis] = await Promise.all([startKafka({ fresh: true }), startRedis({ fresh: true })]);
  neighbours = [kafka, redis];
  environment = environmentOf(kafka, redis);
  const config = runtimeEnv.parse(environment);
  const { KAFKA_BROKERS: brokers, SCHEMA_REGISTRY_URL: registryUrl, REDIS_URL: redisUrl } = config;
  await initDistributed({ brokers, registryUrl, redisUrl, replicas: 1, allowUnsafe: false, log: silentLog });
  backends = await openDistributed(config, silentLog);
});

afterAll(async () => {
  await backends.close();
  await Promise.all(neighbours.map((neighbour) => neighbour.stop()));
  await rm(folder, { recursive: true, force: true });
});

describe('a service process that is asked to stop in the middle of a job', () => {
  it('F33 ends with its work in hand, hands the job back unspent, and another process finishes it once', async () => {
    await using gitops = await startServiceProcess('gitops', environment);
    await using first = await startServiceProcess('build', environment);
    expect(await statusesOf(first.url)).toEqual({ livez: 200, readyz: 200, metrics: 200 });
    const runId = await push(gitops.url);
    await eventually({ see: () => buildJob(runId), until: (job) => job?.status === 'running' });

    const ended = await first.terminate();

    expect(ended).toMatchObject({ code: 0, signal: null });
    tellTime({ what: 'a process with work in hand ended behind SIGTERM', ms: ended.afterMs, limitMs: drainMs + 5_000 });
    expect(await buildJob(runId)).toMatchObject({ status: 'queued', attempt: 1, stalls: 0, owner: null });

    await using second = await startServiceProcess('build', environment);
    await eventually({ see: () => buildStatus(runId), until: (status) => status === 'success' });

    expect(second.url).not.toBe(first.url);
    expect(await buildJob(runId)).toMatchObject({ status: 'done', attempt: 1, stalls: 0 });
    const history = await backends.store.readHistory(runId);
    expect(history.filter(({ what }) => what === 'build_ready')).toHaveLength(1);
    expect(await second.terminate()).toMatchObject({ code: 0 });
    expect(await gitops.terminate()).toMatchObject({ code: 0 });
  });
});

function environmentOf(kafka: Neighbour, redis: Neighbour): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    KAFKA_BROKERS: kafka.url,
    REDIS_URL: redis.url,
    SCHEMA_REGISTRY_URL: process.env['SCHEMA_REGISTRY_URL'] ?? '',
    ARTIFACTS_DIR: join(folder, 'artifacts'),
    LOGS_DIR: join(folder, 'logs'),
    WORKSPACES_DIR: join(folder, 'workspaces'),
    GITOPS_WORK_DIR: join(folder, 'gitops'),
    DRAIN_MS: String(drainMs),
    SANDBOX: 'auto',
    GITHUB_WEBHOOK_SECRET: secret,
    API_TOKENS: `test:admin:${createHash('sha256').update(secret).digest('hex')}`,
    REPOSITORIES: `e2e/*=file://${folder}/repositories/{repository}.git`,
    GIT_PROTOCOLS: 'file',
  };
}

async function push(url: string): Promise<string> {
  const changed = join(folder, 'changed');
  await mkdir(changed);
  await writeFile(join(changed, 'devops_orchestra.yaml'), pipelineFile);
  const path = join(folder, 'repositories/e2e/shop.git');
  const files = [base, changed];
  const repository = await createRepository({ folder: join(folder, 'copy'), path, files, values: {} });
  const made = await repository.commit('A build that takes a while');
  return sendPush({ url, secret, push: { repository: 'e2e/shop', ...made, message: 'm', author: 'ada' } });
}

async function buildJob(runId: string): Promise<JobRecord | undefined> {
  return (await backends.store.readJobs(runId)).find(({ service }) => service === 'build');
}

async function buildStatus(runId: string): Promise<string | null> {
  return (await backends.store.readRun(runId))?.units['build']?.status ?? null;
}

async function statusesOf(url: string): Promise<Record<string, number>> {
  const ask = async (path: string) => [path, (await fetch(`${url}/${path}`)).status] as const;
  return Object.fromEntries(await Promise.all(['livez', 'readyz', 'metrics'].map(ask)));
}
