import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTerraform, type Terraform } from '@orchestra/adapters/terraform';
import { createWorkspaces, defaultLimits, type Sandbox } from '@orchestra/adapters/sandbox';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A program that the driver may find. */
export interface TerraformUnderTest {
  tool: 'terraform' | 'opentofu';
  /** Puts the program into a folder, or names the one where it is. */
  install(root: string): Promise<string>;
  /** Makes the sandbox that it runs in; `folder` is the one with the program. */
  createSandbox(folder: string): Sandbox;
}

const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
const providing =
  'terraform {\n  required_providers {\n    nothing = {\n      source = "example.test/acme/nothing"\n    }\n  }\n}\n';
const remote = `data "terraform_remote_state" "other" {
  backend = "local"
  config = {
    path = "other.tfstate"
  }
}
output "seen" {
  value = data.terraform_remote_state.other.outputs.x
}
`;
const made = (text: string) => `resource "terraform_data" "a" {\n  ${text}\n}\n`;

/** The contract of the driver with its program: what it reads and expects, the program does. */
export function testTerraform(name: string, { tool, install, createSandbox }: TerraformUnderTest): void {
  describe(`terraform by ${name}`, () => {
    let root: string;
    let terraform: Terraform;
    let shown: string;
    let kind: ReturnType<Sandbox['describe']>;

    beforeEach(async () => {
      root = await mkdtemp(join(tmpdir(), 'terraform-contract-'));
      await chmod(root, 0o711);
      await writeFile(join(root, 'settings.tfrc'), '# made by a test\n', { mode: 0o600 });
      await mkdir(join(root, 'mirror'));
      terraform = await connect(null);
      shown = '';
    });
    afterEach(() => rm(root, { recursive: true, force: true }));

    async function connect(providerMirror: string | null): Promise<Terraform> {
      const folder = await install(root);
      const sandbox = createSandbox(folder);
      kind = sandbox.describe();
      const found = await createTerraform(tool, {
        sandbox,
        limits: defaultLimits,
        path: [folder, '/usr/bin', '/bin'].join(delimiter),
        passed: { TF_VAR_key: 'hunter2-hunter2', TF_CLI_CONFIG_FILE: join(root, 'settings.tfrc') },
        keptIn: root,
        scratch: createWorkspaces(join(root, 'scratch')),
        providerMirror,
      });
      if (found === null) throw new Error(`${name} is not where it was installed`);
      return found;
    }

    it('plans, applies exactly that plan and remembers the state over workspaces', async () => {
      const planned = await plan(`${made('input = "x"')}output "a" {\n  value = terraform_data.a.output\n}\n`);
      expect(planned).toMatchObject({ toAdd: 1, toChange: 0, toDestroy: 0, changesAnything: true });
      expect(await apply(planned)).toEqual({ values: { a: 'x' }, sensitive: [] });

      expect(await plan('output "none" {\n  value = "y"\n}\n')).toMatchObject({
        toAdd: 0,
        toDestroy: 1,
        destroys: ['terraform_data.a'],
      });
    });

    it('sees that nothing changes', async () => {
      await apply(await plan(made('input = "x"')));

      expect(await plan(made('input = "x"'))).toMatchObject({ toAdd: 0, toChange: 0, changesAnything: false });
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

    it('names what is made anew, and shows values unless they are sensitive', async () => {
      await apply(await plan(made('triggers_replace = sensitive("hidden-one")')));

      const { destroys, replaces, changes } = await plan(
        made('input = "seen"\n  triggers_replace = sensitive("hidden-two")'),
      );

      expect({ destroys, replaces }).toEqual({ destroys: ['terraform_data.a'], replaces: ['terraform_data.a'] });
      expect(changes).toMatchObject([{ address: 'terraform_data.a', type: 'terraform_data', kind: 'replace' }]);
      expect(changes[0]?.attributes).toEqual(
        expect.arrayContaining([
          { name: 'input', before: null, after: '"seen"' },
          { name: 'triggers_replace', before: '[secret]', after: '[secret]' },
        ]),
      );
      expect(shown).not.toContain('hidden');
    });

    it('tells what it does in lines for people', async () => {
      await apply(await plan(made('input = "x"')));

      expect(shown).toMatch(/The configuration is valid\.\n[^]*terraform_data\.a: Plan to create\n/);
      expect(shown).toContain('terraform_data.a: Creating...\n');
      expect(shown).not.toContain('@message');
    });

    it('applies a saved plan in a workspace of its own', async () => {
      const planned = await plan(`${made('input = "x"')}output "a" {\n  value = terraform_data.a.output\n}\n`);
      const again = await mkdtemp(join(root, 'again-'));
      await cp(join(planned.workspace, 'infra'), join(again, 'infra'), {
        recursive: true,
        filter: (path) => !path.endsWith('.terraform'),
      });

      await terraform.prepare(call(again));

      expect(await terraform.apply(planned.planFile, call(again))).toEqual({ values: { a: 'x' }, sensitive: [] });
      expect(await terraform.readOutputs(call(again))).toEqual({ values: { a: 'x' }, sensitive: [] });
    });

    it('plans the end of everything', async () => {
      const { workspace } = await planAndApply(made('input = "x"'));

      const planned = await terraform.plan({ ...call(workspace), destroysAll: true });
      await apply({ ...planned, workspace });

      expect(planned).toMatchObject({ toAdd: 0, toDestroy: 1, destroys: ['terraform_data.a'], replaces: [] });
      expect(await plan(made('input = "x"'))).toMatchObject({ toAdd: 1 });
    });

    it('sees what is no longer as it was recorded, and changes nothing', async () => {
      const workspace = await write(remote);
      await writeState(workspace, 'one');
      await apply({ ...(await terraform.plan(call(workspace))), workspace });
      expect(await terraform.probe(call(workspace))).toEqual({ drifted: [] });

      await writeState(workspace, 'two');

      expect(await terraform.probe(call(workspace))).toEqual({ drifted: ['output seen'] });
      expect(await terraform.readOutputs(call(workspace))).toEqual({ values: { seen: 'one' }, sensitive: [] });
    });

    it('installs providers from the mirror alone', async () => {
      terraform = await connect(join(root, 'mirror'));

      await expect(plan(providing)).rejects.toMatchObject({
        code: 'INFRASTRUCTURE_TOOL_FAILED',
        message: expect.stringContaining('not found'),
      });
    });

    it('takes the lock file as it stands', async () => {
      terraform = await connect(join(root, 'mirror'));
      const place = join(root, 'mirror/example.test/acme/nothing/1.0.0', `${process.platform}_${architecture}`);
      await mkdir(place, { recursive: true });
      await writeFile(join(place, 'terraform-provider-nothing_v1.0.0'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
      const workspace = await write(providing);
      await writeFile(join(workspace, 'infra/.terraform.lock.hcl'), '# nothing is pinned\n');

      await expect(terraform.plan(call(workspace))).rejects.toMatchObject({
        code: 'INFRASTRUCTURE_TOOL_FAILED',
        message: expect.stringMatching(/lock\s+file is read-only/),
      });
    });

    it('gives the configuration its environment', async () => {
      const planned = await plan('variable "environment" {}\noutput "where" {\n  value = var.environment\n}\n');

      expect(await apply(planned)).toEqual({ values: { where: 'production' }, sensitive: [] });
    });

    it('keeps a reference in place of a sensitive output, and reads its value when it is asked for', async () => {
      const planned = await plan('output "key" {\n  value     = "hunter2"\n  sensitive = true\n}\n');

      expect(await apply(planned)).toEqual({ values: {}, sensitive: [referenceTo('key')] });
      expect(await terraform.resolveOutput(referenceTo('key'), call(planned.workspace))).toBe('hunter2');
      expect(shown).not.toContain('hunter2');
    });

    it('gives the tool the passed variables, and shows their values nowhere', async () => {
      const planned = await plan('variable "key" {}\noutput "shown" {\n  value = var.key\n}\n');

      expect(await apply(planned)).toEqual({ values: {}, sensitive: [referenceTo('shown')] });
      expect(shown).not.toContain('hunter2');
    });

    it('gives the tool copies of the files that variables name, closed as they are, and leaves none behind', async () => {
      const command = 'command = "cat \\"$TF_CLI_CONFIG_FILE\\" > given.txt"';
      const { workspace } = await planAndApply(made(`provisioner "local-exec" {\n    ${command}\n  }`));

      expect(await readFile(join(workspace, 'infra/given.txt'), 'utf8')).toBe('# made by a test\n');
      expect(await readdir(join(root, 'scratch'))).toEqual([]);
    });

    it('shows the configuration nothing of the host, unless there is no sandbox', async () => {
      await writeFile(join(root, 'of-the-host'), 'open to all\n', { mode: 0o644 });
      const command = `command = "cat ${join(root, 'of-the-host')} > seen.txt; true"`;
      const { workspace } = await planAndApply(made(`provisioner "local-exec" {\n    ${command}\n  }`));

      const seen = await readFile(join(workspace, 'infra/seen.txt'), 'utf8');
      expect(seen).toBe(kind === 'bubblewrap' ? '' : 'open to all\n');
    });

    it('keeps the state where the configuration wants it', async () => {
      const backend = 'terraform {\n  backend "local" {\n    path = "own.tfstate"\n  }\n}\n';
      const { workspace } = await planAndApply(`${backend}${made('input = "x"')}`);

      expect(await terraform.plan(call(workspace))).toMatchObject({ toAdd: 0 });
      expect(await plan(made('input = "x"'))).toMatchObject({ toAdd: 1 });
    });

    it('refuses a folder that leads out of the workspace', async () => {
      const workspace = await mkdtemp(join(root, 'linked-'));
      await symlink(root, join(workspace, 'infra'));

      await expect(terraform.plan(call(workspace))).rejects.toMatchObject({ code: 'PATH_OUTSIDE' });
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
      const workspace = await mkdtemp(join(root, 'empty-'));
      await mkdir(join(workspace, 'infra'));

      await expect(terraform.plan(call(workspace))).rejects.toMatchObject({ code: 'INFRASTRUCTURE_TOOL_FAILED' });
    });

    const referenceTo = (output: string) => ({ tool: terraform.program, state: 'acme/shop/production', output });

    async function write(text: string): Promise<string> {
      const workspace = await mkdtemp(join(root, 'workspace-'));
      await mkdir(join(workspace, 'infra'));
      await writeFile(join(workspace, 'infra/main.tf'), text);
      return workspace;
    }

    async function plan(text: string) {
      const workspace = await write(text);
      return { ...(await terraform.plan(call(workspace))), workspace };
    }

    async function planAndApply(text: string) {
      const planned = await plan(text);
      await apply(planned);
      return planned;
    }

    function apply({ planFile, workspace }: { planFile: string; workspace: string }, timeoutMs?: number) {
      return terraform.apply(planFile, call(workspace, timeoutMs));
    }

    function call(workspace: string, timeoutMs = 60_000) {
      return {
        workspace,
        folder: 'infra',
        stateName: 'acme/shop/production',
        environment: 'production',
        timeoutMs,
        signal: AbortSignal.timeout(120_000),
        onOutput: (text: string) => void (shown += text),
      };
    }
  });
}

async function writeState(workspace: string, value: string): Promise<void> {
  const outputs = { x: { value, type: 'string' } };
  const lineage = '7f004b9e-8448-fcfe-ad30-d7869f3c0c21';
  const state = { version: 4, terraform_version: '1.6.0', serial: 1, lineage, outputs, resources: [] };
  await writeFile(join(workspace, 'infra/other.tfstate'), JSON.stringify(state));
}
