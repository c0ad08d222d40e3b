import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { installFakeTerraform, testTerraform } from '@orchestra/testkit';
import { findProgram } from '../process/index.ts';
import { createSandbox, createWorkspaces, defaultLimits } from '../sandbox/index.ts';
import { createTerraform } from './create-terraform.ts';

const path = process.env['PATH'] ?? '';

const programs = [
  { tool: 'opentofu', name: 'tofu' },
  { tool: 'terraform', name: 'terraform' },
] as const;

// The stand-in is there on every machine; the real programs, where they are, hold it to the same suite.
for (const mode of ['bubblewrap', 'process'] as const) {
  testTerraform(`a stand-in, in ${mode}`, {
    tool: 'terraform',
    async install(root) {
      await installFakeTerraform(join(root, 'bin'));
      return join(root, 'bin');
    },
    createSandbox: (folder) => createSandbox({ mode, path, toolFolders: [folder] }),
  });
}

for (const { tool, name } of programs) {
  const program = await findProgram(name, path);
  if (program === null) continue;
  testTerraform(program, {
    tool,
    install: async () => dirname(program),
    createSandbox: () => createSandbox({ mode: 'bubblewrap', path }),
  });
}

describe('createTerraform', () => {
  it('finds nothing where nothing is installed', async () => {
    const sandbox = createSandbox({ mode: 'process', path });
    const scratch = createWorkspaces('/nowhere');
    const options = { sandbox, limits: defaultLimits, path: '/nowhere', passed: {}, keptIn: '/nowhere', scratch };

    expect(await createTerraform('auto', options)).toBeNull();
  });
});
