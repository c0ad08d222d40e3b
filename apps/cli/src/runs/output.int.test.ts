import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLocalTarget } from '@orchestra/adapters/local-target';
import { findProgram } from '@orchestra/adapters/process';
import { eventually, installFakeTerraform } from '@orchestra/testkit';
import { createApiClient } from '../client/api-client.ts';
import { createRepository } from '../demo/repository.ts';
import { orchestra } from '../fake-console.fixture.ts';
import { openEmbeddedPlatform, type EmbeddedPlatform } from '../up/open-embedded-platform.ts';

// The release cannot start, and the run goes no further than staging: how it ends is not in question, only that it does.
const pipelineFile = `
project: { name: shop }
build: { command: echo building }
code_analysis: { enabled: false }
testing: { enabled: false }
infrastructure: { tool: terraform, path: infra }
deployment:
  environments: [{ name: staging, ephemeral: true }, production]
  services: [{ name: web, command: "false", port: 8080, ready_timeout_seconds: 1 }]
`;

// The value is made by the apply: no source and no plan can have it, and terraform says the id of a resource, not its hash.
const configuration = `
resource "terraform_data" "made" {
  input = "shop"
}
output "name" {
  value = terraform_data.made.output
}
output "key" {
  value     = sha256(terraform_data.made.id)
  sensitive = true
}
`;

let folder: string;
let platform: EmbeddedPlatform;
let environment: Readonly<Record<string, string>>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orchestra-output-'));
  // The user inside the sandbox has to be able to pass.
  await chmod(folder, 0o711);
  const usual = process.env['PATH'] ?? '';
  const program = await findProgram('terraform', usual);
  if (program === null) await installFakeTerraform(join(folder, 'bin'));
  environment = {
    PATH: [program === null ? join(folder, 'bin') : dirname(program), usual].join(delimiter),
    SANDBOX: program === null ? 'process' : 'auto',
    LOCAL_TARGET_SANDBOX: 'auto',
    LOG_LEVEL: 'debug',
    DRAIN_MS: '10',
  };
  platform = await openEmbeddedPlatform({
    folder: join(folder, 'data'),
    repositories: [`acme/*=file://${folder}/repositories/{repository}.git`],
    environment,
    host: '127.0.0.1',
    port: 0,

    logTo: 'file',
  });
});

afterEach(async () => {
  await platform.stop();
  await createLocalTarget({ folder: join(folder, 'data/target'), mode: 'auto', path: '' }).shutdown();
  await rm(folder, { recursive: true, force: true });
});

describe('orchestra output', () => {
  it('reads a sensitive output from the state, which alone has it, until a person has it destroyed', async () => {
    const run = await runToItsEnd();
    const state = await readFile(join(folder, 'data/iac/state/acme/shop/staging/terraform.tfstate'), 'utf8');
    const { outputs }: { outputs: Record<string, { value: string }> } = JSON.parse(state);
    const secret = outputs['key']?.value ?? '';

    const asked = [
      await ask('output', run, 'key'),
      await ask('output', run, 'name', '--json'),
      await ask('output', run, 'other'),
    ];
    const shown = await Promise.all([ask('show', run), ask('show', run, '--json'), ask('why', run), ask('logs', run)]);

    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(asked).toMatchObject([
      { code: 0, data: `${secret}\n`, progress: '' },
      { code: 0, data: '{"value":"shop"}\n' },
      { code: 1, data: '', progress: expect.stringContaining('name, key') },
    ]);
    expect(shown.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(shown[0].data).toContain('key: sensitive, in the state of acme/shop/staging (terraform)');
    expect(JSON.stringify(shown)).not.toContain(secret);
    expect(await filesWith('sensitiveOutputs')).toContainEqual(expect.stringMatching(/^orchestra\.sqlite/));
    expect((await filesWith(secret)).filter((file) => !file.startsWith('iac/state/'))).toEqual([]);

    const destroyed = await destroy(run);
    expect(destroyed).toMatchObject({ outputs: {}, removal: { ended: { reason: 'destroyed' }, toDestroy: 1 } });
    expect(await ask('output', run, 'key')).toMatchObject({ code: 1 });
    expect(await ask('destroy', 'acme/shop', 'production')).toMatchObject({ code: 1 });
  }, 600_000);
});

function ask(...args: string[]) {
  return orchestra([...args, '--data', join(folder, 'data')], environment);
}

async function destroy(run: string) {
  const { url, credentials } = platform;
  const api = createApiClient({ url, token: credentials.apiToken });
  const see = async () => (await api.readRun(run)).run.slices.iac['staging'];
  const ordered = await ask('destroy', 'acme/shop', 'staging', '--note', 'over');
  expect(ordered).toMatchObject({ code: 0, progress: expect.stringContaining(`orchestra show '${run}'`) });
  await eventually({ see, until: (slice) => slice?.removal?.phase === 'waiting', timeoutMs: 120_000 });
  expect(await ask('approve', run, '--environment', 'staging')).toMatchObject({ code: 0 });
  return eventually({ see, until: (slice) => Boolean(slice?.removal?.ended), timeoutMs: 120_000 });
}

async function runToItsEnd(): Promise<string> {
  const files = join(folder, 'files');
  await mkdir(join(files, 'infra'), { recursive: true });
  await writeFile(join(files, 'devops_orchestra.yaml'), pipelineFile);
  await writeFile(join(files, 'infra/main.tf'), configuration);
  const path = join(folder, 'repositories/acme/shop.git');
  const repository = await createRepository({ folder: join(folder, 'shop'), path, files: [files], values: {} });
  const { url, credentials } = platform;
  const { after } = await repository.commit('Open the shop');
  const limited = ['--branch', 'main', '--commit', after, '--environment', 'staging'];
  const run = (await ask('trigger', 'acme/shop', ...limited)).data.trim();
  const api = createApiClient({ url, token: credentials.apiToken });
  const ended = await eventually({
    see: () => api.readRun(run),
    until: ({ overall }) => overall.kind === 'ended',
    timeoutMs: 240_000,
  });
  expect(ended.run.units['iac/staging']).toMatchObject({ status: 'success' });
  return run;
}

/** Every file of the platform that has a text, packed or not. */
async function filesWith(text: string): Promise<string[]> {
  const data = join(folder, 'data');
  const entries = await readdir(data, { recursive: true, withFileTypes: true });
  const found = entries
    .filter((entry) => entry.isFile())
    .map(async (entry): Promise<string[]> => {
      const path = join(entry.parentPath, entry.name);
      const bytes = await readFile(path);
      return bytes.includes(text) || unpacked(bytes).includes(text) ? [relative(data, path)] : [];
    });
  return (await Promise.all(found)).flat();
}

function unpacked(bytes: Buffer): Buffer {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
}
