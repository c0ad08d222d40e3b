import { describe, expect, it } from '@jest/globals';
import type { IacReady, OperatorCommand } from '../events.generated.ts';
import { anEvent } from './events.fixture.ts';
import { foldInfrastructure } from './fold-infrastructure.ts';

interface Around {
  runId?: string;
  generation?: number;
  at: number;
}

function told(outcome: IacReady['outcome'], around: Around, environment = 'production') {
  const counts = { toAdd: 1, toChange: 0, toDestroy: 0, outputsDigest: null, causes: [] };
  const data: IacReady = { outcome, reason: null, environment, tool: 'tofu', planDigest: 'sha256:p', ...counts };
  return anEvent('iac_ready', data, { subject: `iac/${environment}`, ...around });
}

// What the order carries beside this does not matter here.
function word(resolution: string, around: Around) {
  const said = { action: 'RESOLVE', actor: 'ada', addressee: 'iac', unit: 'iac/production', resolution };
  const data: OperatorCommand = Object.assign(Object.create(null), said);
  return anEvent('operator_command', data, around);
}

const runs = new Map([
  ['run-1', { repository: 'acme/shop', sequence: 1, commit: 'c1' }],
  ['run-2', { repository: 'acme/shop', sequence: 2, commit: 'c2' }],
]);

function fold(events: Parameters<typeof foldInfrastructure>[0]['events']) {
  return foldInfrastructure({
    events,
    identityOf: (runId) => runs.get(runId) ?? null,
    driftCheckMsOf: (runId) => (runId === 'run-2' ? 60_000 : null),
  });
}

describe('the fold of infrastructure', () => {
  it('knows what was applied last, in each environment, and keeps its run', () => {
    const events = [told('SUCCESS', { runId: 'run-2', at: 2 }), told('SUCCESS', { at: 1 })];

    const targets = fold([...events, told('SUCCESS', { at: 3 }, 'staging')]);

    expect(targets.map(({ environment, pins }) => [environment, pins])).toEqual([
      ['production', ['run-2']],
      ['staging', ['run-1']],
    ]);
    expect(targets[0]?.infrastructure).toEqual({
      holder: null,
      waiter: null,
      applied: {
        runId: 'run-2',
        generation: 1,
        sequence: 2,
        commit: 'c2',
        at: '2026-01-01T00:00:02.000Z',
        driftCheckMs: 60_000,
      },
      blocked: null,
      resolved: null,
      drift: null,
    });
  });

  it('knows that an apply was cut, until a person says what became of it', () => {
    const cut = told('UNKNOWN', { at: 2 });

    const [blocked] = fold([told('SUCCESS', { runId: 'run-2', at: 1 }), cut]);
    const [resolved] = fold([cut, word('happened', { at: 3 })]);
    const [freed] = fold([cut, word('did_not_happen', { at: 3 })]);

    expect(blocked?.infrastructure).toMatchObject({ applied: { runId: 'run-2' }, blocked: { runId: 'run-1' } });
    expect(blocked?.pins).toEqual(['run-2', 'run-1']);
    expect(resolved?.infrastructure).toMatchObject({
      blocked: null,
      resolved: { runId: 'run-1', afterGeneration: 1, resolution: 'happened', actor: 'ada' },
    });
    expect(freed?.infrastructure).toMatchObject({ blocked: null, resolved: null });
  });

  it('forgets the word of a person once the retry behind it has ended well', () => {
    const retried = told('SUCCESS', { generation: 2, at: 4 });

    const [target] = fold([told('UNKNOWN', { at: 2 }), word('try_again', { at: 3 }), retried, retried]);

    expect(target?.infrastructure).toMatchObject({ applied: { generation: 2 }, blocked: null, resolved: null });
  });

  it('leaves out a word about another run, a bad end, and runs of which the push is gone', () => {
    const [target, ...others] = fold([
      told('UNKNOWN', { at: 1 }),
      word('happened', { runId: 'run-2', at: 2 }),
      told('FAILURE', { runId: 'run-2', at: 3 }),
      told('SUCCESS', { runId: 'gone', at: 4 }),
    ]);

    expect(others).toEqual([]);
    expect(target?.infrastructure).toMatchObject({ applied: null, blocked: { runId: 'run-1' } });
  });
});
