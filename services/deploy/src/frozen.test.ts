import { describe, expect, it } from '@jest/globals';
import type { OperatorCommand } from '@orchestra/contracts';
import type { JobRecord, TargetWrite } from '@orchestra/runtime';
import { aContext, anOperatorCommand, aPlan, receive } from '@orchestra/testkit';
import { anObligingWorld } from './a-world.fixture.ts';
import { aSource } from './given-rollout.fixture.ts';
import { keepTargets } from './kept-target.fixture.ts';
import type { SetFreeze } from './ports.ts';
import { createService } from './service.ts';

const sunday = new Date('2026-03-08T12:00:00Z');
const monday = new Date('2026-03-09T08:00:00Z');
const shop = `
deployment:
  environments: [production]
  strategy: immediate
  services:
    - { name: web, command: node main.mjs, port: 4001 }
`;

const parked: JobRecord = {
  jobId: '',
  service: 'deploy',
  runId: 'run-1',
  generation: 1,
  unit: 'deploy/production/web',
  handler: 'gate',
  payload: '{}',
  cause: 'gate',
  status: 'parked',
  attempt: 1,
  stalls: 0,
  parkReason: 'window',
  dueAt: null,
  owner: null,
  leaseEndsAt: null,
  error: null,
};

const onWeekdays = `
  windows:
    - environment: production
      time_zone: Europe/Berlin
      allow: [{ days: [mon, tue, wed, thu, fri], from: '09:00', until: '17:00' }]
`;

/** A store of targets in memory, a world in which everything succeeds, and the orders and rollouts that meet there. */
function givenEnvironment(windows = '', freezes: readonly SetFreeze[] = []) {
  const woken: { jobId: string; memo: unknown }[] = [];
  const audited: Record<string, string>[] = [];
  const kept = keepTargets();
  const service = createService({ releases: anObligingWorld(), freezes });
  const { slices } = aContext('deploy').run;
  const changeTarget = async (write: TargetWrite) => {
    const written = await kept.changeTarget(write);
    if (written === 'finished') woken.push(...(write.wake ?? []));
    return written;
  };
  const store = {
    ...kept.store,
    readJob: async (jobId: string) => ({ ...parked, jobId }),
    audit: async (entry: Readonly<Record<string, string>>) => void audited.push({ ...entry }),
  };

  async function begin(now: Date, { sequence = 1, memo = null }: { sequence?: number; memo?: unknown } = {}) {
    const context = aContext('deploy', {
      plan: aPlan(`${shop}${windows}`),
      now,
      job: { jobId: `job-${sequence}`, unit: 'deploy/production/web', memo },
      run: { runId: `run-${sequence}`, sequence, slices: { ...slices, gitops: { source: aSource() } } },
      store,
      changeTarget,
    });
    const result = await service.gate?.handle(context);
    if (result?.kind !== 'again' && result?.target !== undefined) await changeTarget(result.target);
    return result;
  }

  async function order(change: Partial<OperatorCommand>, now: Date) {
    const data: OperatorCommand = { ...anOrder, ...change };
    return receive(service, { topic: 'operator_command', data, store, changeTarget, now });
  }

  return { begin, order, woken, audited, stateOf: kept.targetOf };
}

const anOrder = anOperatorCommand({
  commandId: 'c1',
  action: 'FREEZE',
  addressee: 'deploy',
  environment: 'production',
  reason: 'the database moves',
});

describe('a rollout that meets a closed window', () => {
  it('sleeps until it opens, and says until when and why', async () => {
    const { begin } = givenEnvironment(onWeekdays);

    expect(await begin(sunday)).toMatchObject({
      kind: 'park',
      reason: 'window',
      delayMs: monday.getTime() - sunday.getTime(),
      message: 'Waits: production is outside its windows, until 2026-03-09 09:00 Europe/Berlin',
      slice: {
        'production/web': {
          state: 'waiting',
          waitsFor: 'window',
          held: { until: monday.toISOString(), openedAt: null },
        },
      },
    });
  });

  it('goes on when it is open, and leaves its place', async () => {
    const { begin, stateOf } = givenEnvironment(onWeekdays);
    await begin(sunday);

    expect(await begin(monday)).toMatchObject({ kind: 'end', reason: 'judging' });
    expect(stateOf('acme/shop/production/_releases').releases?.held).toEqual([]);
  });

  it('gives way to a newer one that waits too', async () => {
    const { begin, woken } = givenEnvironment(onWeekdays);
    const memo = { kind: 'superseded' };
    await begin(sunday, { sequence: 1 });

    await begin(sunday, { sequence: 2 });

    expect(woken).toMatchObject([{ jobId: 'job-1', memo }]);
    expect(await begin(sunday, { sequence: 1, memo })).toMatchObject({ kind: 'end', status: 'cancelled' });
  });
});

describe('a freeze of the settings of the platform', () => {
  it('holds up what has not begun, until its time is over', async () => {
    const { begin } = givenEnvironment('', [{ environment: '*', from: sunday, until: monday, note: 'audit' }]);

    expect(await begin(sunday)).toMatchObject({
      kind: 'park',
      reason: 'freeze',
      message: 'Waits: the platform freezes production until 2026-03-09 08:00 UTC (audit)',
    });
    expect(await begin(monday)).toMatchObject({ kind: 'end', reason: 'judging' });
  });
});

describe('a freeze that a person orders', () => {
  it.each([
    { repository: 'acme/shop', key: 'acme/shop/production/_releases' },
    { repository: '*', key: '*/production/_releases' },
  ])('of $repository holds up what has not begun, until its word', async ({ repository, key }) => {
    const { begin, order, woken, audited, stateOf } = givenEnvironment();

    expect(await order({ repository }, sunday)).toMatchObject({ decided: [{ what: 'command accepted' }] });
    expect(stateOf(key).releases?.frozen).toMatchObject({ actor: 'ada', note: 'the database moves', until: null });
    expect(await begin(sunday)).toMatchObject({
      kind: 'park',
      reason: 'freeze',
      message: 'Waits: ada has frozen production until a person ends it (the database moves)',
    });

    await order({ action: 'UNFREEZE', repository }, monday);

    expect(woken).toMatchObject([{ jobId: 'job-1', memo: { kind: 'take' } }]);
    expect(await begin(monday, { memo: { kind: 'take' } })).toMatchObject({ reason: 'judging' });
    expect(audited.map(({ action, answer }) => `${action} ${answer}`)).toEqual([
      'freeze accepted',
      'unfreeze accepted',
    ]);
  });

  it('ends by itself at its time', async () => {
    const { begin, order } = givenEnvironment();
    await order({ until: '2026-03-09T09:00:00+01:00' }, sunday);

    expect(await begin(sunday)).toMatchObject({ kind: 'park', reason: 'freeze' });
    expect(await begin(monday)).toMatchObject({ kind: 'end', reason: 'judging' });
  });

  it('lets a rollout that has begun go on', async () => {
    const { begin, order } = givenEnvironment();
    await begin(sunday);

    await order({}, sunday);

    expect(await begin(sunday)).toMatchObject({ kind: 'end', reason: 'judging' });
  });

  it.each([
    { what: 'no environment', change: { environment: null }, reason: 'no_environment' },
    { what: 'an end that is over', change: { until: '2026-03-01T00:00:00Z' }, reason: 'until_is_over' },
    { what: 'an end that is no time', change: { until: 'tomorrow' }, reason: 'not_understood' },
    { what: 'nothing to end', change: { action: 'UNFREEZE' as const }, reason: 'not_frozen' },
  ])('is refused with $what', async ({ change, reason }) => {
    const { order, audited } = givenEnvironment();

    expect(await order(change, sunday)).toMatchObject({ decided: [{ what: 'command refused', reason }] });
    expect(audited).toMatchObject([{ answer: 'refused', why: reason }]);
  });
});
