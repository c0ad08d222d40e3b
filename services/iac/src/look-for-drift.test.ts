import { describe, expect, it } from '@jest/globals';
import { OrchestraError } from '@orchestra/contracts';
import type { NewJob } from '@orchestra/runtime';
import { givenEnvironment } from './given-environment.fixture.ts';
import { fakeTool, portsWith } from './given-tool.fixture.ts';
import { compareWithWorld, lookForDrift } from './look-for-drift.ts';

const anHour = 3_600_000;
const hourLater = new Date('2026-01-01T01:00:00Z');

describe('the look for drift', () => {
  it('makes one job for what is due, however often it looks', async () => {
    const { given, jobs, run } = await givenApplied();

    await lookForDrift(given.attempt(run, { now: hourLater }));
    await lookForDrift(given.attempt(run, { now: hourLater }));

    expect(new Set(jobs.map(({ jobId }) => jobId)).size).toBe(1);
    expect(jobs[0]).toMatchObject({
      runId: 'run-1',
      unit: null,
      handler: 'compare',
      payload: '{"environment":"production"}',
    });
  });

  it('makes none before its time', async () => {
    const { given, jobs, run } = await givenApplied();

    await lookForDrift(given.attempt(run));

    expect(jobs).toEqual([]);
  });

  it('is due again when its time has passed since the last one', async () => {
    const { given, jobs, run, tool } = await givenApplied();
    await compare(given, run, tool);

    await lookForDrift(given.attempt(run, { now: new Date(hourLater.getTime() + anHour - 1) }));
    expect(jobs).toEqual([]);

    await lookForDrift(given.attempt(run, { now: new Date(hourLater.getTime() + anHour) }));
    expect(jobs).toHaveLength(1);
  });

  it.each([
    { found: 'none', drifted: [] },
    { found: 'drifted', drifted: ['db.a'] },
  ])('shows $drifted on the environment and in the run, and applies nothing', async ({ found, drifted }) => {
    const { given, run, tool } = await givenApplied();
    tool.probe = async () => ({ drifted });

    const ended = await compare(given, run, tool);

    expect(ended).toMatchObject({
      slice: { production: { phase: 'applied', drift: { found, drifted } } },
      decided: [{ what: 'infrastructure compared', reason: found }],
    });
    expect(given.state().drift).toMatchObject({ at: hourLater.toISOString(), found, drifted });
    expect(tool.applied).toHaveLength(1);
  });

  it('says so when the world could not be compared', async () => {
    const { given, run, tool } = await givenApplied();
    tool.probe = async () => {
      throw new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', 'No credentials');
    };

    await compare(given, run, tool);

    expect(given.state().drift).toMatchObject({ found: 'not_judged', message: 'No credentials' });
  });

  it('drops what it saw when a run has begun meanwhile', async () => {
    const { given, run, tool } = await givenApplied();
    const next = await given.aRun(2);
    tool.probe = async () => {
      await given.work(next);
      return { drifted: ['db.a'] };
    };

    expect(await compare(given, run, tool)).toMatchObject({ decided: [{ reason: 'a_run_works' }] });
    expect(given.state().drift).toBeNull();
  });

  it('rests when a run has the lock', async () => {
    const { given, run, tool } = await givenApplied();
    tool.plan = async () => {
      expect(await compare(given, run, tool)).toMatchObject({ decided: [{ reason: 'a_run_works' }] });
      throw new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', 'enough');
    };

    await given.work(await given.aRun(2));

    expect.assertions(1);
  });
});

type Given = Awaited<ReturnType<typeof givenApplied>>;

async function givenApplied() {
  const tool = fakeTool();
  const given = givenEnvironment(tool, { driftCheckMs: anHour });
  const jobs: NewJob[] = [];
  given.store.enqueue = async (made) => {
    jobs.push(made);
    return 'created';
  };
  const run = await given.aRun();
  await given.work(run);
  return { given, jobs, run, tool };
}

function compare(given: Given['given'], run: Given['run'], tool: Given['tool']) {
  const context = given.attempt(run, { now: hourLater });
  return compareWithWorld({ environment: 'production' }, context, portsWith(tool));
}
