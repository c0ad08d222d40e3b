import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findProgram } from '@orchestra/adapters/process';
import type { RunState } from '@orchestra/contracts';
import { eventually, installFakeTerraform } from '@orchestra/testkit';
import { givenEnvironment } from './given-environment.fixture.ts';
import { anOrder } from './given-order.fixture.ts';
import { handleOperatorCommand } from './handle-operator-command.ts';
import { realPorts } from './real-tool.fixture.ts';

const harmless = 'resource "terraform_data" "a" {\n  input = "x"\n}\n';

describe('a service that is killed in the middle of an apply', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'killed-apply-'));
    await chmod(folder, 0o711);
    const program = (await findProgram('tofu', usual)) ?? (await findProgram('terraform', usual));
    if (program === null) await installFakeTerraform(join(folder, 'bin'));
    path = [program === null ? join(folder, 'bin') : dirname(program), '/usr/bin', '/bin'].join(delimiter);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('leaves the environment unknown, looks at it, and waits for the word of a person', async () => {
    await killWhileApplying(folder, path);
    const given = givenEnvironment(null);
    const { slices, ...run } = await given.aRun();
    const iac = JSON.parse(readFileSync(join(folder, 'slice.json'), 'utf8'));
    const cut: RunState = { ...run, slices: { ...slices, iac } };
    given.keep(cut, iac);
    const ports = realPorts(folder, path, harmless);

    const ended = await given.work(cut, { ports });

    expect(iac).toMatchObject({ production: { phase: 'applying', toAdd: 1 } });
    expect(ended).toMatchObject({
      status: 'unknown',
      reason: 'apply_interrupted',
      slice: { production: { drift: { found: 'none' } } },
    });
    expect(await given.work(await given.aRun(2), { ports })).toMatchObject({ reason: 'infrastructure_blocked' });

    const resolved = await handleOperatorCommand(
      anOrder({ action: 'RESOLVE', runId: run.runId, resolution: 'did_not_happen' }),
      given.attempt(cut),
    );
    if (resolved.kind === 'end' && resolved.target !== undefined) given.write(resolved.target);

    expect(await given.work(await given.aRun(2), { ports })).toMatchObject({ status: 'success', reason: 'applied' });
  });
});

const usual = process.env['PATH'] ?? '';

async function killWhileApplying(folder: string, path: string): Promise<void> {
  const program = new URL('applying.fixture.ts', import.meta.url).pathname;
  const applying = spawn(process.execPath, ['--conditions=source', program, folder, path], { stdio: 'inherit' });
  const workspaces = join(folder, 'iac/workspaces');
  try {
    const files = () => (existsSync(workspaces) ? readdirSync(workspaces, { recursive: true }).map(String) : []);
    await eventually({ see: files, until: (seen) => seen.some((file) => file.endsWith('/begun')), timeoutMs: 120_000 });
  } finally {
    const gone = once(applying, 'exit');
    applying.kill('SIGKILL');
    await gone;
  }
}
