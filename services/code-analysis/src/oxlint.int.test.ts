import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Ended } from '@orchestra/runtime';
import { aCodePush, aPlan, createMemoryArtifacts, packFiles, receive } from '@orchestra/testkit';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settings } from './config.ts';
import { createPorts } from './create-ports.ts';
import { createService } from './service.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'analysis-'));
  await chmod(folder, 0o711);
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

describe.each(['bubblewrap', 'process'] as const)('oxlint with %s', (SANDBOX) => {
  it('finds what is wrong in the source, with rule, file and line', async () => {
    const result = await analyse({ 'src/a.js': 'const ok = 1;\ndebugger;\nexport { ok };\n' });

    expect(result).toMatchObject({ status: 'success', reason: null });
    expect(result.slice?.source?.findings).toMatchObject([
      { tool: 'oxlint', rule: 'eslint(no-debugger)', path: 'src/a.js', line: 2, severity: 'warning' },
    ]);
  });

  it('fails at the level of the file', async () => {
    expect(await analyse({ 'a.js': 'debugger;' }, 'code_analysis: {fail_on: warning}')).toMatchObject({
      status: 'failure',
      reason: 'findings',
    });
  });

  it("follows the repository's configuration", async () => {
    const files = { 'a.js': 'debugger;', '.oxlintrc.json': '{"rules": {"no-debugger": "error"}}' };

    expect(await analyse(files)).toMatchObject({ status: 'failure', events: [{ data: { errors: 1 } }] });
  });

  it('has nothing to say where it understands no file', async () => {
    expect(await analyse({ 'a.txt': 'text' })).toMatchObject({ status: 'success' });
  });

  it('does not pass when its configuration cannot be read', async () => {
    expect(await analyse({ 'a.js': '', '.oxlintrc.json': '{bad' })).toMatchObject({
      status: 'error',
      reason: 'tool_failed',
    });
  });

  it('tells a tool that is not installed', async () => {
    const sections = 'code_analysis: {tools: [{name: ruff, command: [no-such-linter]}]}';

    expect(await analyse({ 'a.py': '' }, sections)).toMatchObject({
      status: 'error',
      reason: 'tool_not_installed',
      slice: { source: { tools: [{ name: 'ruff', verdict: 'not_installed' }] } },
    });
  });

  async function analyse(files: Record<string, string>, sections = ''): Promise<Ended<'code-analysis'>> {
    const artifacts = createMemoryArtifacts();
    const { digest: snapshotDigest } = await artifacts.put(await packFiles(files));
    const env = { PATH: process.env['PATH'], WORKSPACES_DIR: join(folder, 'workspaces'), SANDBOX };
    const service = createService(createPorts(settings.parse(env)));
    const data = aCodePush({ snapshotDigest });
    const result = await receive(service, { topic: 'code_push', data, plan: aPlan(sections), artifacts });
    if (result?.kind !== 'end') throw new Error('the job did not end');
    return result;
  }
});
