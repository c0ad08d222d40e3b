import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLocalTarget } from '@orchestra/adapters/local-target';
import { eventually } from '@orchestra/testkit';
import { createApiClient, type ApiClient } from '../client/api-client.ts';
import { offerPush } from '../client/send-push.ts';
import { createRepository, type Push } from '../demo/repository.ts';
import { orchestra, type Ran } from '../fake-console.fixture.ts';
import { openEmbeddedPlatform, type EmbeddedPlatform } from '../up/open-embedded-platform.ts';

const pipelineFile = `
project:
  name: shop
build:
  command: echo building
testing:
  command: sh test.sh
`;

let folder: string;
let platform: EmbeddedPlatform | null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orchestra-rebuild-'));
  // The user inside the sandbox has to be able to pass.
  await chmod(folder, 0o711);
});

afterEach(async () => {
  await platform?.stop();
  await createLocalTarget({ folder: join(folder, 'data/target'), mode: 'auto', path: '' }).shutdown();
  await rm(folder, { recursive: true, force: true });
});

const environment = {
  PATH: process.env['PATH'],
  SANDBOX: 'auto',
  LOCAL_TARGET_SANDBOX: 'auto',
  LOG_LEVEL: 'error',
  MISSED_PUSHES_EVERY_MS: '3600000',
  DRAIN_MS: '10',
};

async function up(): Promise<ApiClient> {
  platform = await openEmbeddedPlatform({
    folder: join(folder, 'data'),
    repositories: [`acme/*=file://${folder}/repositories/{repository}.git`],
    environment,
    host: '127.0.0.1',
    port: 0,
    logTo: 'file',
  });
  return createApiClient({ url: platform.url, token: platform.credentials.apiToken });
}

async function down(): Promise<void> {
  await platform?.stop();
  platform = null;
}

function ask(...args: string[]): Promise<Ran> {
  return orchestra([...args, '--data', join(folder, 'data')], environment);
}

/** Two commits: one whose tests are over at once, and one whose tests take a while. */
async function prepareRepository(): Promise<{ quick: Push; slow: string }> {
  const [files, slow] = [join(folder, 'files'), join(folder, 'slow')];
  for (const one of [files, slow]) await mkdir(one);
  await writeFile(join(files, 'devops_orchestra.yaml'), pipelineFile);
  await writeFile(join(files, 'test.sh'), 'echo tested');
  await writeFile(join(slow, 'test.sh'), 'sleep 3; echo tested');
  const path = join(folder, 'repositories/acme/shop.git');
  const repository = await createRepository({ folder: join(folder, 'shop'), path, files: [files], values: {} });
  const quick = await repository.commit('Open the shop');
  return { quick, slow: (await repository.commit('Take time', slow)).after };
}

/** Removes all of the store and nothing of the bus. */
function emptyStore(): void {
  const file = new DatabaseSync(join(folder, 'data/orchestra.sqlite'));
  const tables = file.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`).all();
  for (const { name } of tables) {
    if (typeof name === 'string' && !name.startsWith('bus_')) file.exec(`DELETE FROM ${name}`);
  }
  file.close();
}

async function trigger(commit: string): Promise<string> {
  return (await ask('trigger', 'acme/shop', '--branch', commit, '--commit', commit)).data.trim();
}

function deliver({ before, after }: Push) {
  const { url = '', credentials } = platform ?? {};
  const push = { repository: 'acme/shop', before, after, message: 'Open the shop', author: 'ada' };
  return offerPush({ url, secret: credentials?.webhookSecret ?? '', push });
}

describe('orchestra rebuild, embedded', () => {
  it('brings back what the records tell; what had not ended goes on and ends', async () => {
    const { quick, slow } = await prepareRepository();
    let api = await up();
    const { runId: ended } = await deliver(quick);
    if (ended === null) throw new Error('the push was not accepted');
    await eventually({ see: () => api.readRun(ended), until: ({ overall }) => overall.kind === 'ended' });
    const open = await trigger(slow);
    await eventually({ see: () => api.readRun(open), until: ({ run }) => run.units['test']?.status === 'running' });
    await down();
    emptyStore();

    api = await up();
    const unready = await fetch(`${platform?.url ?? ''}/readyz`);
    const whileRunning = await ask('rebuild');
    await down();
    const rebuilt = await ask('rebuild', '--json');
    const again = await ask('rebuild');
    api = await up();

    expect(unready.status).toBe(503);
    expect(whileRunning).toMatchObject({ code: 1, progress: expect.stringContaining('owned by') });
    expect(rebuilt.code).toBe(0);
    expect(JSON.parse(rebuilt.data)).toMatchObject({ runs: 2, unfinished: 1, unreadable: 0 });
    expect(again).toMatchObject({ code: 1, progress: expect.stringContaining('is in use') });
    expect((await api.readRun(ended)).overall.status).toBe('success');
    // The forge tells of it once more, under another delivery.
    expect(await deliver(quick)).toMatchObject({ status: 200, runId: ended });
    const shown = await eventually({ see: () => api.readRun(open), until: ({ overall }) => overall.kind === 'ended' });
    expect(shown).toMatchObject({ overall: { status: 'success' }, run: { sequence: 2, commit: slow } });
    expect(shown.run.notes).toContain('state_rebuilt');
    const retried = await ask('retry', open, 'test', '--force');
    expect(retried.code).toBe(0);
    const anew = await eventually({
      see: () => api.readRun(open),
      until: ({ run, overall }) => run.generation === 2 && overall.kind === 'ended',
    });
    expect(anew.overall.status).toBe('success');
  });

  it('is refused where no platform ever was', async () => {
    expect(await ask('rebuild')).toMatchObject({ code: 1, progress: expect.stringContaining('There is no platform') });
  });
});
