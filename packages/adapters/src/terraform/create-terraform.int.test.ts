import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { installFakeTerraform, testTerraform } from '@orchestra/testkit';
import { findProgram } from '../process/index.ts';
import { createTerraform } from './create-terraform.ts';

// The stand-in is there on every machine; the real programs, where they are, hold it to the same suite.
testTerraform('a stand-in', {
  tool: 'terraform',
  async install(root) {
    await installFakeTerraform(join(root, 'bin'));
    return join(root, 'bin');
  },
});

const programs = [
  { tool: 'opentofu', name: 'tofu' },
  { tool: 'terraform', name: 'terraform' },
] as const;

for (const { tool, name } of programs) {
  const program = await findProgram(name, process.env['PATH'] ?? '');
  if (program !== null) testTerraform(program, { tool, install: async () => dirname(program) });
}

describe('createTerraform', () => {
  it('finds nothing where nothing is installed', async () => {
    expect(await createTerraform('auto', { env: { PATH: '/nowhere' }, stateFolder: '/nowhere' })).toBeNull();
  });
});
