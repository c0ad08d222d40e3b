import { describe, expect, it } from '@jest/globals';
import { OrchestraError, type RunState } from '@orchestra/contracts';
import { concludeUnit } from './conclude-unit.ts';
import { givenEnvironment, type GivenEnvironment } from './given-environment.fixture.ts';
import { fakeTool, portsWith, type FakeTool } from './given-tool.fixture.ts';
import { anOrder } from './given-order.fixture.ts';
import { handleGate } from './handle-gate.ts';
import { handleOperatorCommand } from './handle-operator-command.ts';
import { noOutputs } from './record-outputs.ts';

describe('an apply that was cut', () => {
  it.each(['INFRASTRUCTURE_CUT', 'COMMAND_TIMED_OUT'] as const)('is unknown after %s, and blocks', async (code) => {
    const { given, ended } = await givenCut(code);

    expect(ended).toMatchObject({
      status: 'unknown',
      reason: 'apply_interrupted',
      events: [{ data: { outcome: 'UNKNOWN' } }],
    });
    expect(given.state()).toMatchObject({ holder: null, blocked: { runId: 'run-1', generation: 1 } });
  });

  it('is unknown when its worker died, and nothing is applied again', async () => {
    const tool = fakeTool();
    const given = givenEnvironment(tool);
    const run = await given.aRun();
    tool.apply = async () => {
      throw new Error('The process dies here');
    };
    await expect(given.work(run)).rejects.toThrow('dies');
    tool.probe = async () => ({ drifted: ['db.a'] });

    const ended = await given.work(run);

    expect(ended).toMatchObject({ status: 'unknown', message: expect.stringContaining('Not as recorded: db.a') });
    expect(tool.applied).toEqual([]);
  });

  it('says so when the world could not be looked at', async () => {
    const { ended } = await givenCut('INFRASTRUCTURE_CUT', (tool) => {
      tool.probe = async () => {
        throw new OrchestraError('INFRASTRUCTURE_TOOL_FAILED', 'Error acquiring the state lock');
      };
    });

    expect(ended).toMatchObject({
      message: expect.stringContaining('state lock'),
      slice: { production: { drift: { found: 'not_judged' } } },
    });
  });

  it.each([
    ['cancel', true],
    ['deadline', true],
    ['superseded', false],
    ['halted', false],
  ] as const)('is cut by the wish %s: %s', async (wish, isCut) => {
    const tool = fakeTool();
    const given = givenEnvironment(tool);
    const run = await given.aRun();
    const wishes: { wish: typeof wish; generation: number; units: null; reason: string; actor: null; at: string }[] =
      [];
    const interrupted: boolean[] = [];
    tool.apply = async (_planFile, { signal }) => {
      wishes.push({ wish, generation: 1, units: null, reason: '', actor: null, at: '' });
      for (let turns = 0; turns < 20 && !signal.aborted; turns += 1) await new Promise((over) => setImmediate(over));
      interrupted.push(signal.aborted);
      if (signal.aborted) throw new OrchestraError('INFRASTRUCTURE_CUT', 'The tool ended with aborted');
      return noOutputs;
    };

    const context = { ...given.attempt(run), wishes: () => wishes };
    const ended = await handleGate(context, portsWith(tool));

    expect(interrupted).toEqual([isCut]);
    expect(ended).toMatchObject({ status: isCut ? 'unknown' : 'success' });
  });

  it('keeps the runs behind it out until a person has looked', async () => {
    const { given, tool } = await givenCut('INFRASTRUCTURE_CUT');
    const next = await given.aRun(2);

    expect(await given.work(next)).toMatchObject({ kind: 'park', reason: 'infrastructure_blocked' });
    expect(tool.applied).toEqual([]);
  });

  it('never ends as if nothing had been done when its workers died too often', async () => {
    const { given, run, tool } = await givenDeath();

    const conclusion = { status: 'error', reason: 'stalled', message: 'The workers died too often' } as const;
    const ended = await concludeUnit(conclusion, given.attempt(run), portsWith(tool));

    expect(ended).toMatchObject({ status: 'unknown', reason: 'apply_interrupted' });
  });
});

describe('the word of a person about it', () => {
  it('did_not_happen lets the next run go on', async () => {
    const { given, run, tool } = await givenCut('INFRASTRUCTURE_CUT');
    const next = await given.aRun(2);
    await given.work(next);

    const order = await resolve(given, run, 'did_not_happen');

    expect(order).toMatchObject({ decided: [{ what: 'command accepted' }] });
    expect(given.woken.at(-1)).toMatchObject({ jobId: 'job-2-1', memo: { kind: 'take' } });
    tool.apply = async () => noOutputs;
    expect(await given.work(next)).toMatchObject({ status: 'success' });
  });

  it('happened makes the unit anew, which reads the outputs and applies nothing', async () => {
    const { given, run, tool } = await givenCut('INFRASTRUCTURE_CUT');

    const order = await resolve(given, run, 'happened');
    const ended = await given.work(run, { generation: 2 });

    expect(order).toMatchObject({ decided: [{ what: 'retry accepted' }, { what: 'command accepted' }] });
    expect(ended).toMatchObject({
      status: 'success',
      reason: 'resolved_happened',
      message: expect.stringContaining('ada'),
      slice: { production: { outputs: { name: 'shop as recorded' }, sensitiveOutputs: [{ output: 'key' }] } },
    });
    expect(tool.applied).toEqual([]);
  });

  it('try_again makes the unit anew, which plans and applies', async () => {
    const { given, run, tool } = await givenCut('INFRASTRUCTURE_CUT');

    await resolve(given, run, 'try_again');
    tool.apply = async () => ({ values: { name: 'again' }, sensitive: [] });

    expect(await given.work(run, { generation: 2 })).toMatchObject({ status: 'success', reason: 'applied' });
    expect(given.state()).toMatchObject({ blocked: null, resolved: null });
  });

  it.each([
    ['perhaps', 'no_resolution'],
    [null, 'no_resolution'],
  ])('%s is refused', async (resolution, reason) => {
    const { given, run } = await givenCut('INFRASTRUCTURE_CUT');

    expect(await resolve(given, run, resolution)).toMatchObject({ decided: [{ what: 'command refused', reason }] });
    expect(given.state().blocked).not.toBeNull();
  });

  it('is refused where nothing is unknown', async () => {
    const given = givenEnvironment(fakeTool());

    expect(await resolve(given, await given.aRun(), 'happened')).toMatchObject({
      decided: [{ reason: 'not_blocked' }],
    });
  });
});

async function givenCut(
  code: 'INFRASTRUCTURE_CUT' | 'COMMAND_TIMED_OUT',
  prepare: (tool: FakeTool) => void = () => {},
) {
  const tool = fakeTool();
  tool.apply = async () => {
    throw new OrchestraError(code, 'The tool ended with 137');
  };
  prepare(tool);
  const given = givenEnvironment(tool);
  const run = await given.aRun();
  return { tool, given, run, ended: await given.work(run) };
}

async function givenDeath() {
  const tool = fakeTool();
  const given = givenEnvironment(tool);
  const run = await given.aRun();
  tool.apply = async () => {
    throw new Error('The process dies here');
  };
  await given.work(run).catch(() => undefined);
  return { given, run, tool };
}

async function resolve(given: GivenEnvironment, run: RunState, resolution: string | null) {
  const plannedUnits = [{ unit: 'iac/production', service: 'iac' as const, after: [], gate: [], gateDeadlineMs: 1 }];
  const state = {
    generation: 1,
    status: 'unknown' as const,
    reason: '',
    message: '',
    at: '',
    startedAt: null,
    endedAt: null,
  };
  given.store.retry = async () => ({ kind: 'retried', generation: 2 });
  const asked = { ...run, plannedUnits, units: { 'iac/production': state } };
  const order = anOrder({ action: 'RESOLVE', runId: run.runId, resolution });
  const result = await handleOperatorCommand(order, given.attempt(asked));
  if (result.kind === 'end' && result.target !== undefined) given.write(result.target);
  return result;
}
