import { describe, expect, it } from '@jest/globals';
import type { Forge } from '@orchestra/adapters/forge';
import type { CommitStatus } from '@orchestra/adapters/forge';
import type { RolloutSlice, RunState } from '@orchestra/contracts';
import { OrchestraError, type Admission, type Ended, type NewJob, type Result, type SetWish } from '@orchestra/runtime';
import { aContext, anOperatorCommand, aRun, receive, silentLog } from '@orchestra/testkit';
import { portsForRoutes } from './ports-for-routes.fixture.ts';
import { renderStatuses } from './render-statuses.ts';
import { createService } from './service.ts';
import { watchDeadline } from './watch-deadline.ts';

const command = anOperatorCommand({
  commandId: 'c-1',
  action: 'CANCEL',
  addressee: 'gitops',
  generation: 2,
});

function decidedBy(result: Result<'gitops'> | null): string[] {
  return result?.kind === 'end' ? (result.decided ?? []).map(({ what, reason }) => `${what}: ${reason}`) : [];
}

describe('the gitops service', () => {
  it.each([
    { answer: 'set', decided: 'cancel accepted: ordered' },
    { answer: 'already', decided: 'cancel accepted: ordered' },
    { answer: 'ended', decided: 'cancel refused: ended' },
  ] as const)('cancels a run by a wish on its generation; the store says $answer', async ({ answer, decided }) => {
    const wishes: SetWish[] = [];
    const setWish = async (wish: SetWish) => {
      wishes.push(wish);
      return answer;
    };

    const result = await receive(createService(portsForRoutes()), {
      topic: 'operator_command',
      data: command,
      store: { setWish },
    });

    expect(wishes).toMatchObject([{ wish: 'cancel', generation: 2, units: null, actor: 'ada' }]);
    expect(decidedBy(result)).toEqual([decided]);
  });

  it('runs the same commit again from the same place, once a command', async () => {
    const admissions: Admission[] = [];
    const admit = async (admission: Admission) => {
      admissions.push(admission);
      return { kind: 'admitted', runId: 'r2', sequence: 2, superseded: [] } as const;
    };

    const result = await receive(createService(portsForRoutes()), {
      topic: 'operator_command',
      data: { ...command, action: 'RUN' },
      store: { admit },
      run: { cloneUrl: 'file:///srv/git/shop.git' },
    });

    expect(admissions).toMatchObject([
      {
        content: 'command:c-1',
        identity: { commit: 'a'.repeat(40), cloneUrl: 'file:///srv/git/shop.git', trigger: 'MANUAL' },
      },
    ]);
    expect(decidedBy(result)).toEqual(['run accepted: ordered']);
  });

  it('leaves the commands of others alone, and refuses what it cannot do', async () => {
    const service = createService(portsForRoutes());
    const other = await receive(service, { topic: 'operator_command', data: { ...command, addressee: 'deploy' } });
    const promote = await receive(service, { topic: 'operator_command', data: { ...command, action: 'PROMOTE' } });

    expect(other).toBeNull();
    expect(decidedBy(promote)).toEqual(['promote refused: not_for_gitops']);
  });
});

async function fire(run: Partial<RunState>, now: string): Promise<{ ended: Ended<'gitops'>; wishes: SetWish[] }> {
  const wishes: SetWish[] = [];
  const setWish = async (wish: SetWish) => {
    wishes.push(wish);
    return 'set' as const;
  };
  const ended = await watchDeadline(aContext('gitops', { run, now: new Date(now), store: { setWish } }));
  return { ended, wishes };
}

const aRollout: RolloutSlice = {
  release: null,
  version: null,
  previousRelease: null,
  strategy: 'none',
  state: 'waiting',
  step: 0,
  steps: 0,
  weightPercent: 0,
  epoch: 0,
  url: null,
  waitsFor: 'window',
};

describe('watchDeadline', () => {
  const deadlineAt = '2026-01-01T00:00:00.000Z';

  it('sets the wish when the time is over', async () => {
    const { wishes } = await fire({ deadlineAt, generation: 3 }, deadlineAt);

    expect(wishes).toMatchObject([{ wish: 'deadline', generation: 3, units: null }]);
  });

  it.each([
    { openedAt: null, left: 3_600_000 },
    { openedAt: '2025-12-31T23:30:00.000Z', left: 1_800_000 },
  ])('counts no time in which a rollout waits for its environment, until $openedAt', async ({ openedAt, left }) => {
    const since = '2025-12-31T23:00:00.000Z';
    const held = { generation: 1, reason: 'window' as const, until: null, since, openedAt, earlierMs: 0 };
    const { slices } = aRun();
    const deploy = { 'production/web': { ...aRollout, held } };

    const { ended, wishes } = await fire({ deadlineAt, slices: { ...slices, deploy } }, deadlineAt);

    expect(wishes).toEqual([]);
    expect(ended.timers).toMatchObject([{ task: 'deadline', delayMs: left }]);
  });

  it('waits on when a retry has moved the deadline', async () => {
    const { ended, wishes } = await fire({ deadlineAt }, '2025-12-31T23:59:00.000Z');

    expect(wishes).toEqual([]);
    expect(ended.timers).toMatchObject([{ task: 'deadline', delayMs: 60_000 }]);
  });

  it('leaves an ended run alone', async () => {
    const { ended, wishes } = await fire({ deadlineAt, endedAt: deadlineAt }, '2026-01-02T00:00:00.000Z');

    expect([wishes, ended.timers]).toEqual([[], undefined]);
  });
});

describe('renderStatuses', () => {
  const unit = {
    generation: 1,
    status: 'running',
    reason: null,
    message: null,
    at: '',
    startedAt: null,
    endedAt: null,
  } as const;
  const run = aRun({ units: { gitops: unit } });
  const jobs: NewJob[] = [];

  async function render(state: RunState, forge: Forge | null): Promise<Readonly<Record<string, unknown>>> {
    const store = { ...aContext('gitops').store, enqueue: async (job: NewJob) => (jobs.push(job), 'created' as const) };
    const context = { ...aContext('gitops'), store, log: silentLog, stopping: new AbortController().signal };
    const ports = { ...portsForRoutes(), forge, publicUrl: 'https://ci.example.com' };
    return renderStatuses(state, { ...context, ready: () => ({ ready: true, problems: [] }) }, ports);
  }

  it('shows what changed, and nothing twice', async () => {
    const shown: CommitStatus[] = [];
    const forge: Forge = { setStatus: async (status) => void shown.push(status) };

    const first = await render(run, forge);
    const statuses = first['statuses'] as Record<string, string>;
    const second = await render({ ...run, slices: { ...run.slices, gitops: { statuses } } }, forge);

    expect(shown).toMatchObject([
      { context: 'orchestra', state: 'pending', url: `https://ci.example.com/runs/${run.runId}` },
    ]);
    expect(second).toEqual({});
  });

  it('does not ask again for what the forge refuses', async () => {
    const forge: Forge = {
      setStatus: async () => {
        throw new OrchestraError('FORGE_REFUSED', 'No');
      },
    };

    expect(await render(run, forge)).toHaveProperty('statuses.orchestra');
  });

  it('comes again when the forge does not answer', async () => {
    const forge: Forge = {
      setStatus: async () => {
        throw new OrchestraError('FORGE_UNAVAILABLE', 'Later', { retriable: true });
      },
    };

    await expect(render(run, forge)).rejects.toMatchObject({ code: 'FORGE_UNAVAILABLE' });
  });

  it('shows nothing without a token', async () => {
    expect(await render(run, null)).toEqual({});
  });

  it('sets a timer of its own for the deadline of a retried run', async () => {
    jobs.length = 0;

    await render({ ...run, generation: 2, deadlineAt: '2026-01-01T01:00:00.000Z' }, null);

    expect(jobs).toMatchObject([{ handler: 'deadline', generation: 2, bound: false, delayMs: 3_600_000 }]);
  });
});
