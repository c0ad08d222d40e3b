import { describe, expect, it } from '@jest/globals';
import type { OperatorCommand } from '@orchestra/contracts';
import type { Quarantined } from '@orchestra/runtime';
import { anOperatorCommand, receive } from '@orchestra/testkit';
import { createService } from './service.ts';

const command = anOperatorCommand({
  commandId: 'c1',
  action: 'RELEASE_QUARANTINE',
  addressee: 'rollback',
  runId: 'run-2',
  generation: 1,
  release: 'r2',
  digest: 'commit-2',
  reason: 'the load test was wrong',
});

function entry(key: string, change: Partial<Quarantined> = {}): Quarantined {
  const of = { repository: 'acme/shop', runId: 'run-2', release: 'r2', alertId: 'a1', reason: 'rollout_failed' };
  return { ...of, key, at: '2026-01-01T00:00:00Z', ...change };
}

function never(): Promise<never> {
  return Promise.reject(new Error('the world was touched'));
}

/** Two versions in quarantine, each by its digest and its commit. */
function givenQuarantine() {
  const other = { release: 'r3', alertId: 'a2' };
  const state = {
    entries: [entry('sha256:2'), entry('commit-2'), entry('sha256:3', other), entry('commit-3', other)],
    audit: [] as Readonly<Record<string, string>>[],
  };
  const store = {
    readQuarantine: async (repository: string) => state.entries.filter((each) => each.repository === repository),
    releaseQuarantine: async (_repository: string, key: string) => {
      const before = state.entries.length;
      state.entries = state.entries.filter((each) => each.key !== key);
      return state.entries.length < before;
    },
    audit: async (written: Readonly<Record<string, string>>) => {
      state.audit.push(written);
    },
    readAudit: async () => state.audit,
  };
  const service = createService({
    releases: { notes: never, look: never, output: never, giveBack: never, retire: never },
  });
  return { state, store, service };
}

function order(
  change: Partial<OperatorCommand>,
  { store, service }: ReturnType<typeof givenQuarantine>,
  runId = 'run-2',
) {
  const data = { ...command, ...change };
  return receive(service, { topic: 'operator_command', data, store, run: { runId }, event: { runId } });
}

describe('an order to rollback', () => {
  it.each(['commit-2', 'sha256:2'])('lets a version out by %s: digest and commit, and no other one', async (digest) => {
    const given = givenQuarantine();

    const result = await order({ digest }, given);

    expect(given.state.entries.map(({ key }) => key)).toEqual(['sha256:3', 'commit-3']);
    expect(result).toMatchObject({
      kind: 'end',
      status: null,
      events: [],
      decided: [{ what: 'command accepted', reason: 'ordered', facts: { actor: 'ada', action: 'RELEASE_QUARANTINE' } }],
    });
    expect(given.state.audit).toMatchObject([
      {
        service: 'rollback',
        id: 'c1',
        actor: 'ada',
        action: 'release_quarantine',
        answer: 'accepted',
        digest,
        note: command.reason,
      },
    ]);
  });

  it('takes the repository from the order, so that none needs a run', async () => {
    const given = givenQuarantine();

    await order({ runId: null }, given, '');

    expect(given.state.entries.map(({ key }) => key)).toEqual(['sha256:3', 'commit-3']);
  });

  it('is accepted again when the one who had carried it out died before the end', async () => {
    const given = givenQuarantine();
    await order({}, given);

    expect(await order({}, given)).toMatchObject({ decided: [{ what: 'command accepted' }] });
    expect(given.state.audit).toHaveLength(1);
  });

  it.each([
    { change: { digest: 'sha256:9' }, reason: 'not_in_quarantine' },
    { change: { reason: null }, reason: 'no_note' },
    { change: { digest: null }, reason: 'no_version' },
    { change: { repository: null }, reason: 'no_repository' },
    { change: { action: 'ROLLBACK' }, reason: 'no_target' },
    { change: { action: 'ROLLBACK', environment: 'e', service: 's' }, runId: '', reason: 'no_run' },
    { change: { action: 'RETRY' }, reason: 'not_understood' },
    { change: { action: 'APPROVE' }, reason: 'not_understood' },
    { change: { action: 'UNRECOGNIZED' }, reason: 'not_understood' },
  ] as const)('is refused with $reason for $change', async ({ change, reason, ...more }) => {
    const given = givenQuarantine();

    const result = await order(change, given, 'runId' in more ? more.runId : undefined);

    expect(result).toMatchObject({ kind: 'end', events: [], decided: [{ what: 'command refused', reason }] });
    expect(given.state.audit).toMatchObject([{ id: 'c1', answer: 'refused', why: reason }]);
    expect(given.state.entries).toHaveLength(4);
  });

  it('to go back is answered beside what the rollback tells', async () => {
    const given = givenQuarantine();
    const store = { ...given.store, readTarget: async () => null };
    const place = { environment: 'production', service: 'web' };

    const result = await order({ ...place, action: 'ROLLBACK', release: null }, { ...given, store });

    expect(result).toMatchObject({
      status: 'not_needed',
      decided: [{ what: 'command refused', reason: 'nothing_serves', facts: { actor: 'ada', action: 'ROLLBACK' } }],
    });
  });

  it('to somebody else is left alone', async () => {
    expect(await order({ addressee: 'deploy' }, givenQuarantine())).toBeNull();
  });
});
