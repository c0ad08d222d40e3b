import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Plan } from '@orchestra/contracts';
import { installFakeTerraform, packFiles, startFakeOpenai, type HttpFake } from '@orchestra/testkit';
import { settings } from '../config.ts';
import { createPorts } from '../create-ports.ts';
import { runOf } from '../given-context.fixture.ts';
import { givenEnvironment } from '../given-environment.fixture.ts';
import { handleGate } from '../handle-gate.ts';

let server: HttpFake;
let folder: string;

beforeEach(async () => {
  server = await startFakeOpenai();
  folder = await mkdtemp(join(tmpdir(), 'propose-'));
  await chmod(folder, 0o711);
  await installFakeTerraform(join(folder, 'bin'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
  await server.close();
});

function open() {
  const path = [join(folder, 'bin'), process.env['PATH']].join(delimiter);
  const sandbox = { IAC_DIR: join(folder, 'iac'), SANDBOX: 'process', PATH: path };
  const model = { OPENAI_API_KEY: 'k', OPENAI_MODEL: 'm', OPENAI_BASE_URL: `${server.url}/v1` };
  return createPorts({ ...settings.parse({ ...sandbox, ...model }), passed: {} });
}

describe('a repository without infrastructure', () => {
  it('fails, and has a patch beside it that a person can apply', async () => {
    const given = givenEnvironment(null);
    const { digest } = await given.artifacts.put(await packFiles({ 'package.json': '{"name":"shop"}' }));
    const context = given.attempt(runOf(1, digest));
    const { infrastructure, ...others } = await context.plan();
    const asked =
      infrastructure === null ? null : { ...infrastructure, tool: 'terraform', path: 'infra', proposal: true };
    const plan: Plan = Object.assign(Object.create(null), { ...others, deployment: null, infrastructure: asked });

    const ended = await handleGate({ ...context, plan: async () => plan }, open());

    expect(ended).toMatchObject({ kind: 'end', status: 'failure', reason: 'plan_failed' });
    const proposal = ended.kind === 'end' ? ended.slice?.['production']?.proposal : undefined;
    expect(proposal).toMatchObject({ state: 'made', files: ['infra/main.tf'] });
    const patch = await given.artifacts.read(proposal?.digest ?? '', 10_000);
    const file = join(folder, 'proposal.patch');
    await writeFile(file, patch);
    execFileSync('git', ['apply', file], { cwd: folder });
    expect(await readFile(join(folder, 'infra/main.tf'), 'utf8')).toContain('required_version');
    expect(server.seen).toHaveLength(1);
  });
});
