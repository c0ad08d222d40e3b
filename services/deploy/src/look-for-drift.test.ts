import { describe, expect, it } from '@jest/globals';
import { OrchestraError, targetSchema, type Drift } from '@orchestra/contracts';
import type { NewJob, TargetWrite } from '@orchestra/runtime';
import { aContext, aRun } from '@orchestra/testkit';
import { anUntouchedWorld } from './a-world.fixture.ts';
import type { DriftPort } from './ports.ts';
import { image, inCluster, releasedOnce } from './released.fixture.ts';
import { createService } from './service.ts';

const now = new Date('2026-01-01T00:00:00Z');
const changes: Drift['changes'] = [
  { object: 'Deployment web-1-r1', field: '.spec.replicas', manager: 'kubectl', at: now.toISOString() },
];

function given(look: DriftPort['look'], target = releasedOnce(inCluster)) {
  const state = { target, version: 3, jobs: new Array<NewJob>(), writes: new Array<TargetWrite>() };
  const stored = () => ({
    key: 'acme/shop/production/web',
    version: state.version,
    target: JSON.stringify(state.target),
  });
  const { tasks } = createService({ releases: anUntouchedWorld(), drift: { everyMs: 60_000, look } });
  const { slices } = aRun();
  const rollout = { release: 'r1', version: null, previousRelease: null, strategy: 'canary', state: 'watching' };
  const shown = { ...rollout, step: 1, steps: 1, weightPercent: 100, epoch: 2, url: null, waitsFor: null };
  const context = aContext('deploy', {
    run: { runId: 'run-1', repository: 'acme/shop', slices: { ...slices, deploy: { 'production/web': shown } } },
    store: {
      listTargets: async () => [stored()],
      readTarget: async () => stored(),
      enqueue: async (job: NewJob) => {
        state.jobs.push(job);
        return 'created' as const;
      },
    },
    changeTarget: async (write) => {
      state.writes.push(write);
      state.target = targetSchema.parse(write.target);
      state.version += 1;
      return 'finished';
    },
  });
  const tell = async () => tasks?.['drift']?.handle({ environment: 'production', service: 'web' }, context);
  const compare = async () => tasks?.['compare']?.handle({}, context);
  return { state, tell, compare };
}

describe('a cluster that was changed by hand', () => {
  it('is looked at without a run, and told by a job of the run that released', async () => {
    const asked: unknown[] = [];
    const { state, compare } = given(async (left) => {
      asked.push(left);
      return changes;
    });

    await compare();

    expect(asked).toEqual([{ target: 'acme/shop/production/web', namespace: 'shop', release: 'r1', image }]);
    expect(state.jobs).toMatchObject([{ service: 'deploy', handler: 'drift', runId: 'run-1', generation: 1 }]);
    expect(state.writes).toEqual([]);
  });

  it('is shown on the environment and on the run, told once, and gone when it is as it was released', async () => {
    let found = changes;
    const { state, tell, compare } = given(async () => found);

    const told = await tell();

    const drift = { release: 'r1', epoch: state.target.epoch, changes };
    expect(state.target).toMatchObject({ drift });
    expect(told).toMatchObject({
      status: null,
      events: [],
      slice: { 'production/web': { state: 'watching', drift } },
      decided: [{ what: 'cluster compared', reason: 'changed_by_others' }],
    });
    await compare();
    expect(state.jobs).toEqual([]);

    found = [];
    const gone = await tell();
    expect(state.target).not.toHaveProperty('drift');
    expect(gone).toMatchObject({ decided: [{ reason: 'as_released' }] });
    expect(gone).not.toHaveProperty(['slice', 'production/web', 'drift']);
  });

  it('is not known where the cluster does not answer, and nothing is told', async () => {
    const { state, compare } = given(() => Promise.reject(new OrchestraError('TARGET_UNREACHABLE', 'away')));

    await compare();

    expect(state.jobs).toEqual([]);
    expect(state.writes).toEqual([]);
  });
});
