import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTerraform, type Terraform } from './create-terraform.ts';
import { ensureTool } from './ensure-tool.fixture.ts';

let root: string;
let terraform: Terraform;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'terraform-test-'));
  const program = await ensureTool();
  const found = await createTerraform('auto', {
    env: { PATH: [dirname(program), '/usr/bin', '/bin'].join(delimiter), HOME: root },
    stateFolder: join(root, 'state'),
  });
  if (found === null) throw new Error('The tool that the fixture found is not on the path');
  terraform = found;
});

afterEach(() => rm(root, { recursive: true, force: true }));

describe('createTerraform', () => {
  it('plans, applies exactly that plan and remembers the state over workspaces', async () => {
    const first = await configuration(
      'first',
      'resource "terraform_data" "a" {\n  input = "x"\n}\noutput "a" {\n  value = terraform_data.a.output\n}\n',
    );
    const planned = await terraform.plan(call(first));
    expect(planned).toMatchObject({ toAdd: 1, toChange: 0, toDestroy: 0 });
    expect(await terraform.apply(planned.planFile, call(first))).toEqual({ a: 'x' });

    const second = await configuration('second', 'output "none" {\n  value = "y"\n}\n');
    const destroying = await terraform.plan(call(second));

    expect(destroying).toMatchObject({ toDestroy: 1, destroys: ['terraform_data.a'] });
  });

  it('hides sensitive outputs', async () => {
    const folder = await configuration('secret', 'output "key" {\n  value     = "hunter2"\n  sensitive = true\n}\n');
    const planned = await terraform.plan(call(folder));

    expect(await terraform.apply(planned.planFile, call(folder))).toEqual({ key: '[secret]' });
  });

  it('says what is wrong with a configuration', async () => {
    const folder = await configuration('wrong', 'resource "nothing" {\n');

    await expect(terraform.plan(call(folder))).rejects.toMatchObject({
      code: 'INFRASTRUCTURE_TOOL_FAILED',
      message: expect.stringMatching(/main\.tf/),
    });
  });

  it('refuses a folder without a configuration', async () => {
    const folder = join(root, 'empty');
    await mkdir(folder);

    await expect(terraform.plan(call(folder))).rejects.toMatchObject({ code: 'INFRASTRUCTURE_TOOL_FAILED' });
  });
});

async function configuration(name: string, text: string): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder);
  await writeFile(join(folder, 'main.tf'), text);
  return folder;
}

function call(folder: string) {
  const signal = AbortSignal.timeout(60_000);
  return {
    folder,
    stateName: 'acme/shop/production',
    environment: 'production',
    timeoutMs: 60_000,
    signal,
    onOutput() {},
  };
}
