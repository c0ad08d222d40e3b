import { describe, expect, it } from '@jest/globals';
import type { NewJob } from '@orchestra/runtime';
import { givenEnvironment } from './given-environment.fixture.ts';
import { anOrder } from './given-order.fixture.ts';
import { fakeTool } from './given-tool.fixture.ts';
import { handleOperatorCommand } from './handle-operator-command.ts';

async function givenApplied(ephemeral: readonly string[]) {
  const given = givenEnvironment(fakeTool(), {}, ephemeral);
  const run = await given.aRun();
  await given.work(run);
  const made: NewJob[] = [];
  const store = Object.assign(Object.create(null), given.store, {
    enqueue: async (job: NewJob) => void made.push(job),
  });
  const destroy = (unit = 'iac/production') =>
    handleOperatorCommand(anOrder({ action: 'DESTROY', runId: run.runId, unit }), { ...given.attempt(run), store });
  return { given, run, made, destroy };
}

describe('an order to destroy the infrastructure of an environment', () => {
  it('makes the job that plans it and asks a person, once for an order', async () => {
    const { given, run, made, destroy } = await givenApplied(['production']);

    const end = await destroy();
    await destroy();

    expect(end).toMatchObject({ status: null, events: [], decided: [{ what: 'command accepted' }] });
    expect(new Set(made.map(({ jobId }) => jobId)).size).toBe(1);
    expect(made[0]).toMatchObject({
      handler: 'remove',
      unit: null,
      runId: run.runId,
      payload: '{"environment":"production"}',
    });
    expect(given.state()).toMatchObject({ holder: null });
  });

  it.each([
    ['not_ephemeral', [], 'iac/production'],
    ['not_applied', ['production', 'staging'], 'iac/staging'],
    ['no_environment', ['production'], 'deploy/production/web'],
  ])('is refused as %s', async (reason, ephemeral, unit) => {
    const { made, destroy } = await givenApplied(ephemeral);

    expect(await destroy(unit)).toMatchObject({ status: null, decided: [{ what: 'command refused', reason }] });
    expect(made).toEqual([]);
  });
});
