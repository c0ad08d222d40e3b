import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLocalTarget } from '@orchestra/adapters/local-target';
import { eventually, installFakeTerraform } from '@orchestra/testkit';
import type { RemovalSlice } from '@orchestra/contracts';
import { createApiClient, type ApiClient } from '../client/api-client.ts';
import { offerPush } from '../client/send-push.ts';
import { freePort } from '../demo/free-port.ts';
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

// What is compared later is measured for as long as it serves.
const released = (port: number) => `${pipelineFile}
infrastructure: { tool: terraform, path: infra }
deployment:
  environments: [{ name: preview, ephemeral: true }]
  strategy: immediate
  services: [{ name: web, command: node server.js, port: ${port} }]
observability:
  interval_seconds: 1
  step_watch_seconds: 1
  release_watch_seconds: 1
  min_samples: 1
  on_no_traffic: pass
  probes: [/]
  baseline: { with: beside }
`;

const server = `require('node:http').createServer((_asked, answer) => answer.end('open')).listen(process.env.PORT, '127.0.0.1');`;

let folder: string;
let platform: EmbeddedPlatform | null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orchestra-rebuild-'));
  // The user inside the sandbox has to be able to pass.
  await chmod(folder, 0o711);
  const tools = join(folder, 'bin');
  await installFakeTerraform(tools);
  environment = { ...settings, SANDBOX_TOOLS: tools, PATH: [tools, process.env['PATH']].join(delimiter) };
});

afterEach(async () => {
  await platform?.stop();
  await createLocalTarget({ folder: join(folder, 'data/target'), mode: 'auto', path: '' }).shutdown();
  await rm(folder, { recursive: true, force: true });
});

const settings = {
  SANDBOX: 'auto',
  LOCAL_TARGET_SANDBOX: 'auto',
  LOG_LEVEL: 'error',
  MISSED_PUSHES_EVERY_MS: '3600000',
  DRAIN_MS: '10',
};

let environment: Readonly<Record<string, string>>;

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

/** Two commits: one that is released into infrastructure of its own, and one whose tests take a while, and no more. */
async function prepareRepository(): Promise<{ quick: Push; slow: string }> {
  const [files, slow] = [join(folder, 'files'), join(folder, 'slow')];
  for (const one of [join(files, 'infra'), slow]) await mkdir(one, { recursive: true });
  await writeFile(join(files, 'devops_orchestra.yaml'), released(await freePort()));
  await writeFile(join(slow, 'devops_orchestra.yaml'), pipelineFile);
  await writeFile(join(files, 'infra/main.tf'), 'resource "terraform_data" "made" { input = "shop" }');
  await writeFile(join(files, 'server.js'), server);
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

async function destroy(run: string, api: ApiClient): Promise<void> {
  expect(await ask('destroy', 'acme/shop', 'preview')).toMatchObject({ code: 0 });
  await untilRemoval(run, api, (removal) => removal?.phase === 'waiting');
  expect(await ask('approve', run, '--environment', 'preview')).toMatchObject({ code: 0 });
  await untilRemoval(run, api, (removal) => removal?.ended?.reason === 'destroyed');
}

function untilRemoval(run: string, api: ApiClient, until: (removal: RemovalSlice | undefined) => boolean) {
  const see = async () => (await api.readRun(run)).run.slices.iac['preview']?.removal;
  return eventually({ see, until, timeoutMs: 120_000 });
}

/** How many minutes of measurements the store has kept. */
function countSamples(): number {
  const file = new DatabaseSync(join(folder, 'data/orchestra.sqlite'), { readOnly: true });
  const { count } = file.prepare('SELECT count(*) AS count FROM samples').get() ?? {};
  file.close();
  return Number(count);
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
    await eventually({
      see: () => api.readRun(ended),
      until: ({ overall }) => overall.kind === 'ended',
      timeoutMs: 120_000,
    });
    await destroy(ended, api);
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
    // Nobody had told that it is gone, and nobody would measure what serves.
    await untilRemoval(ended, api, (removal) => removal?.ended?.reason === 'nothing_to_destroy');
    await eventually({ see: countSamples, until: (count) => count > 0, timeoutMs: 120_000 });
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
  }, 600_000);

  it('is refused where no platform ever was', async () => {
    expect(await ask('rebuild')).toMatchObject({ code: 1, progress: expect.stringContaining('There is no platform') });
  });
});
