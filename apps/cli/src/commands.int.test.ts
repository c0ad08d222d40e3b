import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalTarget } from '@orchestra/adapters/local-target';
import { eventually } from '@orchestra/testkit';
import { createRepository } from './demo/repository.ts';
import { orchestra, type Ran } from './fake-console.fixture.ts';
import { openEmbeddedPlatform, type EmbeddedPlatform } from './up/open-embedded-platform.ts';

const pipelineFile = `
project:
  name: shop
build:
  command: echo building
testing:
  command: sh test.sh
`;

let folder: string;
let platform: EmbeddedPlatform;
let commits: { good: string; waiting: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orchestra-cli-'));
  // The user inside the sandbox has to be able to pass.
  await chmod(folder, 0o711);
  commits = await prepareRepository();
  platform = await openEmbeddedPlatform({
    folder: join(folder, 'data'),
    repositories: [`acme/*=file://${folder}/repositories/{repository}.git`],
    // A wish is seen with the next renewal of a lease, after a third of it.
    environment: {
      PATH: process.env['PATH'],
      SANDBOX: 'auto',
      LOCAL_TARGET_SANDBOX: 'auto',
      LOG_LEVEL: 'error',
      LEASE_MS: '3000',
    },
    host: '127.0.0.1',
    port: 0,
    logTo: 'file',
  });
});

afterAll(async () => {
  await platform.stop();
  await createLocalTarget({ folder: join(folder, 'data/target'), mode: 'auto', path: '' }).shutdown();
  await rm(folder, { recursive: true, force: true });
});

async function prepareRepository(): Promise<{ good: string; waiting: string }> {
  const files = join(folder, 'files');
  const waiting = join(folder, 'waiting');
  await mkdir(files);
  await mkdir(waiting);
  await writeFile(join(files, 'devops_orchestra.yaml'), pipelineFile);
  await writeFile(join(files, 'test.sh'), 'echo tested');
  await writeFile(join(waiting, 'test.sh'), 'echo waiting; sleep 600');
  const path = join(folder, 'repositories/acme/shop.git');
  const repository = await createRepository({ folder: join(folder, 'shop'), path, files: [files], values: {} });
  const good = await repository.commit('Open the shop');
  return { good: good.after, waiting: (await repository.commit('Wait', waiting)).after };
}

async function ask(...args: string[]): Promise<Ran> {
  return orchestra([...args, '--data', join(folder, 'data')]);
}

describe('the commands, with a platform that runs', () => {
  it('begin a run, wait for it, and tell all about it', async () => {
    const triggered = await ask('trigger', 'acme/shop', '--branch', 'main', '--commit', commits.good, '--wait');

    const runId = triggered.data.trim();
    expect(triggered).toMatchObject({ code: 0, progress: expect.stringContaining('success: all_units_passed') });
    expect((await ask('runs', '--status', 'success')).data).toMatch(/^acme\/shop#1 +main +[0-9a-f]{10} +success /m);
    expect(JSON.parse((await ask('show', 'acme/shop#1', '--json')).data)).toMatchObject({
      run: { runId, commit: commits.good },
      overall: { status: 'success' },
    });
    expect((await ask('show', runId)).data).toMatch(/^test +success/m);
    expect((await ask('why', runId)).data).toMatch(/gitops: code_push gitops/);
    expect((await ask('logs', runId, 'test')).data).toMatch(/^tested$/m);
    expect((await ask('logs', runId, '--follow')).data).toMatch(/==> build <==[^]*^building$/m);
  });

  it('cancel a run, whose waiting command then ends with 2', async () => {
    const waiting = ask('trigger', 'acme/shop', '--branch', 'main', '--commit', commits.waiting, '--wait');
    await eventually({
      see: () => ask('logs', 'acme/shop#2', 'test'),
      until: ({ data }) => data.includes('\nwaiting\n'),
    });

    const cancelled = await ask('cancel', 'acme/shop#2', '--reason', 'it waits for ever');

    expect(cancelled).toMatchObject({ code: 0, progress: expect.stringContaining('Kept for gitops') });
    expect(await waiting).toMatchObject({ code: 2, progress: expect.stringContaining('cancelled_by_person') });
    expect(await ask('cancel', 'acme/shop#2')).toMatchObject({
      code: 1,
      progress: expect.stringContaining('has ended'),
    });
  });

  it('retry a unit of a run that has ended', async () => {
    const ran = await ask('retry', 'acme/shop#1', 'test', '--force');

    expect(ran.code).toBe(0);
    await eventually({ see: () => ask('show', 'acme/shop#1'), until: ({ data }) => data.includes('generation 2') });
  });

  it('are refused what the platform does not know', async () => {
    expect(await ask('show', 'acme/shop#99')).toMatchObject({ code: 1, progress: 'orchestra: No such run\n' });
    expect(await ask('rollback', 'acme/shop', 'production', 'shop')).toMatchObject({ code: 1, data: '' });
    expect(await ask('trigger', 'eve/shop', '--branch', 'main', '--commit', commits.good)).toMatchObject({ code: 4 });
    expect(await orchestra(['runs'], { ORCHESTRA_URL: platform.url, ORCHESTRA_TOKEN: 'not-known' })).toMatchObject({
      code: 4,
    });
  });

  it('see the platform ready, and do not end its releases while it runs', async () => {
    expect((await ask('doctor')).data).toContain(`ready at ${platform.url}`);
    expect(await ask('down')).toMatchObject({ code: 1, progress: expect.stringContaining('end it first') });
  });
});
