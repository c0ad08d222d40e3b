import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Readable } from 'node:stream';
import {
  eventually,
  installFakeTerraform,
  packFiles,
  testInfrastructure,
  type WantedConfiguration,
} from '@orchestra/testkit';
import { settings } from './config.ts';
import { createPorts } from './create-ports.ts';

const making = {
  well: '',
  fails: 'provisioner "local-exec" {\n    command = "exit 3"\n  }\n',
  endless: 'provisioner "local-exec" {\n    command = "touch begun; sleep 600"\n  }\n',
};

function configurationOf({ version, how = 'well' }: WantedConfiguration): string {
  const key = `output "key" {\n  value     = "the key of ${version}"\n  sensitive = true\n}\n`;
  const output = `output "version" {\n  value = "${version}"\n}\n${key}`;
  if (how === 'destroys') return output;
  return `resource "terraform_data" "a" {\n  input = "${version}"\n  ${making[how]}}\n${output}`;
}

// The stand-in is held to what the real programs do by the suite of the driver.
testInfrastructure('terraform, through the ports of the service', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'infrastructure-contract-'));
  await chmod(folder, 0o711);
  await installFakeTerraform(join(folder, 'bin'));
  const path = [join(folder, 'bin'), process.env['PATH']].join(delimiter);
  const values = { IAC_DIR: join(folder, 'iac'), SANDBOX: 'process', PATH: path };
  return {
    ports: createPorts({ ...settings.parse(values), passed: {} }),
    source: async (wanted) => Readable.from([await packFiles({ 'main.tf': configurationOf(wanted) })]),
    untilBegun: (workspace) => eventually({ see: () => existsSync(join(workspace, 'begun')), until: Boolean }),
    close: () => rm(folder, { recursive: true, force: true }),
  };
});
