import { describe, expect, it } from '@jest/globals';
import type { UnitState } from '@orchestra/contracts';
import { aCodePush, aPlan, createFakeWorkbench, createMemoryArtifacts, receive } from '@orchestra/testkit';
import { createService } from './service.ts';

const now = new Date('2026-01-01T00:10:00Z');
const began: UnitState = {
  generation: 1,
  status: 'running',
  reason: null,
  message: null,
  at: '',
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: null,
};

/** The limit that the command of a build gets, whose stage began ten minutes ago. */
async function limitOf(stalls: number): Promise<number> {
  const workbench = createFakeWorkbench({ files: { 'package.json': '{"scripts":{"build":"make"}}' } });
  const images = { isInstalled: async () => false, build: async () => ({ kind: 'timed_out' as const }) };
  const artifacts = createMemoryArtifacts();
  const { digest: snapshotDigest } = await artifacts.put(Buffer.from('snapshot'));
  await receive(createService({ workbench, images }), {
    topic: 'code_push',
    data: aCodePush({ snapshotDigest }),
    plan: aPlan('build: { timeout_seconds: 900 }'),
    artifacts,
    now,
    job: { unit: 'build', stalls },
    run: { units: { build: began } },
  });
  return workbench.commands[0]?.timeoutMs ?? 0;
}

describe('the limit of a build', () => {
  it('goes on where a worker died: the time that is gone is gone', async () => {
    const left = await limitOf(1);

    expect(left).toBeLessThanOrEqual(300_000);
    expect(left).toBeGreaterThan(280_000);
  });

  it('is whole for the first attempt', async () => {
    expect(await limitOf(0)).toBeGreaterThan(880_000);
  });
});
