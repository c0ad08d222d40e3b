import { describe, expect, it } from '@jest/globals';
import { testSandbox } from '@orchestra/testkit';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox, defaultLimits } from './index.ts';

const path = process.env['PATH'] ?? '';

testSandbox('bubblewrap', { create: () => createSandbox({ mode: 'bubblewrap', path }), isolates: true });
testSandbox('process', { create: () => createSandbox({ mode: 'process', path }), isolates: false });

describe('createSandbox', () => {
  it('prefers bubblewrap where it works', () => {
    expect(createSandbox({ mode: 'auto', path }).describe()).toBe('bubblewrap');
  });

  it('refuses to run without a sandbox unless that is allowed', () => {
    expect(() => createSandbox({ mode: 'bubblewrap', path: '/nowhere' })).toThrow(/bwrap is not installed/);
  });

  it.each(['bubblewrap', 'process'] as const)('never runs a step as root in %s', async (mode) => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'sandbox-user-'));

    const call = { argv: ['id', '-u'], workspace: folder.path, limits: defaultLimits, network: false };
    const { stdout } = await createSandbox({ mode, path }).run(call);

    expect(stdout).toMatch(/^[1-9]\d*\n$/);
  });

  it('says so in every run where it works without one', () => {
    const sandbox = createSandbox({ mode: 'auto', path: '/nowhere' });

    expect(sandbox.describe()).toBe('process');
    expect(sandbox.notes).toEqual(['unsandboxed']);
  });
});
