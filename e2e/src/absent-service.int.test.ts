import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as build from '@orchestra/build';
import { createRepository, sendPush } from '@orchestra/cli';
import { findUnattended, judgeRun, type RunState } from '@orchestra/contracts';
import * as gitops from '@orchestra/gitops';
import { createFakeWorkbench, eventually, startService, type StartedService } from '@orchestra/testkit';
import { startAll, stopAll } from './release/start-services.ts';

const repository = 'acme/shop';
const secret = 'a secret';
const pipeline = `
project: { name: shop }
build: { tool: command, command: "true" }
run: { deadline_seconds: 4, gate_deadline_seconds: 3 }
`;
let folder: string;
let started: StartedService;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orchestra-absent-'));
});

afterEach(async () => {
  await started.close();
  await rm(folder, { recursive: true, force: true });
});

async function startGitops(): Promise<void> {
  const environment = {
    GITHUB_WEBHOOK_SECRET: secret,
    REPOSITORIES: `${repository}=file://${join(folder, 'shop.git')}`,
    GIT_PROTOCOLS: 'file',
    GITOPS_WORK_DIR: join(folder, 'work'),
    PATH: process.env['PATH'],
  };
  const service = gitops.createService(gitops.createPorts(gitops.settings.parse(environment)));
  started = await startService(service, join(folder, 'data'));
}

/** A pushed commit, as the forge tells of it. */
async function push(): Promise<string> {
  const files = join(folder, 'files');
  await mkdir(files);
  await writeFile(join(files, 'devops_orchestra.yaml'), pipeline);
  const place = { folder: join(folder, 'copy'), path: join(folder, 'shop.git') };
  const made = await (await createRepository({ ...place, files: [files], values: {} })).commit('first');
  return sendPush({ url: started.url, secret, push: { repository, ...made, message: 'first', author: 'ada' } });
}

async function read(runId: string): Promise<RunState> {
  const run = await started.backends.store.readRun(runId);
  if (run === null) throw new Error(`No run ${runId}`);
  return run;
}

describe('a stage whose service does not run', () => {
  it('is named, ends its run as timed out across a restart, and ends itself when its service comes', async () => {
    await startGitops();
    const runId = await push();
    await eventually({
      see: async () => (await read(runId)).units['gitops']?.status,
      until: (status) => status === 'success',
    });
    await started.close();

    await startGitops();
    const waiting = await read(runId);
    const jobs = await started.backends.store.readJobs(runId);
    const later = new Date(Date.parse(waiting.units['gitops']?.endedAt ?? '') + 40_000);
    expect(findUnattended(waiting, jobs, later).map(({ unit, kind }) => [unit, kind])).toEqual([
      ['build', 'not_taken'],
      ['code_analysis/source', 'not_taken'],
    ]);
    const timedOut = await eventually({
      see: async () => judgeRun(await read(runId)),
      until: ({ kind }) => kind === 'ended',
    });
    expect(timedOut).toEqual({ kind: 'ended', status: 'timed_out', reason: 'deadline' });

    const { backends } = started;
    const images = { isInstalled: async () => false, build: async () => ({ kind: 'timed_out' as const }) };
    const ports = { workbench: createFakeWorkbench(), images };
    const services = await startAll(backends, [async (start) => start(build.createService(ports))]);
    const built = await eventually({
      see: async () => (await read(runId)).units['build'],
      until: (unit) => (unit?.endedAt ?? null) !== null,
    });
    await stopAll(services);

    expect(built).toMatchObject({ status: 'timed_out', reason: 'run_deadline' });
    const history = await backends.store.readHistory(runId);
    expect(history.filter(({ what }) => what === 'build_ready')).toHaveLength(1);
    expect(history.filter(({ what }) => what === 'deadline reached')).toHaveLength(1);
  });
});
