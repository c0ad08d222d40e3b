import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTerraform, type Terraform } from '@orchestra/adapters/terraform';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A program that the driver may find. */
export interface TerraformUnderTest {
  tool: 'terraform' | 'opentofu';
  /** Puts the program into a folder, or names the one where it is. */
  install(root: string): Promise<string>;
}

const made = (text: string) => `resource "terraform_data" "a" {\n  ${text}\n}\n`;

/** The contract of the driver with its program: what it reads and expects, the program does. */
export function testTerraform(name: string, { tool, install }: TerraformUnderTest): void {
  describe(`terraform by ${name}`, () => {
    let root: string;
    let terraform: Terraform;

    beforeEach(async () => {
      root = await mkdtemp(join(tmpdir(), 'terraform-contract-'));
      const env = { PATH: [await install(root), '/usr/bin', '/bin'].join(delimiter), HOME: root };
      const found = await createTerraform(tool, { env, stateFolder: join(root, 'state') });
      if (found === null) throw new Error(`${name} is not where it was installed`);
      terraform = found;
    });
    afterEach(() => rm(root, { recursive: true, force: true }));

    it('plans, applies exactly that plan and remembers the state over workspaces', async () => {
      const planned = await plan(`${made('input = "x"')}output "a" {\n  value = terraform_data.a.output\n}\n`);
      expect(planned).toMatchObject({ toAdd: 1, toChange: 0, toDestroy: 0 });
      expect(await apply(planned)).toEqual({ a: 'x' });

      expect(await plan('output "none" {\n  value = "y"\n}\n')).toMatchObject({
        toAdd: 0,
        toDestroy: 1,
        destroys: ['terraform_data.a'],
      });
    });

    it('sees that nothing changes', async () => {
      await apply(await plan(made('input = "x"')));

      expect(await plan(made('input = "x"'))).toMatchObject({ toAdd: 0, toChange: 0, toDestroy: 0, destroys: [] });
    });

    it('tells a change in place from a replacement', async () => {
      await apply(await plan(made('input = "x"')));

      expect(await plan(made('input = "y"'))).toMatchObject({ toAdd: 0, toChange: 1, toDestroy: 0 });
      expect(await plan(made('triggers_replace = "y"'))).toMatchObject({
        toAdd: 1,
        toDestroy: 1,
        destroys: ['terraform_data.a'],
      });
    });

    it('gives the configuration its environment', async () => {
      const planned = await plan('variable "environment" {}\noutput "where" {\n  value = var.environment\n}\n');

      expect(await apply(planned)).toEqual({ where: 'production' });
    });

    it('hides sensitive outputs', async () => {
      const planned = await plan('output "key" {\n  value     = "hunter2"\n  sensitive = true\n}\n');

      expect(await apply(planned)).toEqual({ key: '[secret]' });
    });

    it('keeps the state where the configuration wants it', async () => {
      const backend = `terraform {\n  backend "local" {\n    path = "${root}/own.tfstate"\n  }\n}\n`;
      await apply(await plan(`${backend}${made('input = "x"')}`));

      expect(await plan(`${backend}${made('input = "x"')}`)).toMatchObject({ toAdd: 0 });
      expect(await plan(made('input = "x"'))).toMatchObject({ toAdd: 1 });
    });

    it('refuses a plan that was made before the state changed', async () => {
      await apply(await plan(made('input = "x"')));
      const [older, newer] = [await plan(made('input = "y"')), await plan(made('input = "z"'))];
      await apply(newer);

      await expect(apply(older)).rejects.toMatchObject({ code: 'INFRASTRUCTURE_TOOL_FAILED' });
    });

    it('remembers what a failed apply has made', async () => {
      const failing = await plan(made('provisioner "local-exec" {\n    command = "exit 3"\n  }'));
      await expect(apply(failing)).rejects.toMatchObject({ code: 'INFRASTRUCTURE_TOOL_FAILED' });

      expect(await plan(made(''))).toMatchObject({ toAdd: 1, toDestroy: 1 });
    });

    it('interrupts an apply at its time limit, and remembers what it has made', async () => {
      const endless = await plan(made('provisioner "local-exec" {\n    command = "sleep 60"\n  }'));
      await expect(apply(endless, 3000)).rejects.toMatchObject({ code: 'COMMAND_TIMED_OUT' });

      expect(await plan(made(''))).toMatchObject({ toAdd: 1, toDestroy: 1 });
    });

    it('says what is wrong with a configuration', async () => {
      await expect(plan('resource "nothing" {\n')).rejects.toMatchObject({
        code: 'INFRASTRUCTURE_TOOL_FAILED',
        message: expect.stringMatching(/main\.tf/),
      });
    });

    it('refuses a folder without a configuration', async () => {
      const folder = await mkdtemp(join(root, 'empty-'));

      await expect(terraform.plan(call(folder))).rejects.toMatchObject({ code: 'INFRASTRUCTURE_TOOL_FAILED' });
    });

    async function plan(text: string) {
      const folder = await mkdtemp(join(root, 'workspace-'));
      await writeFile(join(folder, 'main.tf'), text);
      return { ...(await terraform.plan(call(folder))), folder };
    }

    function apply({ planFile, folder }: { planFile: string; folder: string }, timeoutMs?: number) {
      return terraform.apply(planFile, call(folder, timeoutMs));
    }
  });
}

function call(folder: string, timeoutMs = 60_000) {
  const signal = AbortSignal.timeout(120_000);
  return { folder, stateName: 'acme/shop/production', environment: 'production', timeoutMs, signal, onOutput() {} };
}
