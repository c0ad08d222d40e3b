import { describe, expect, it } from '@jest/globals';
import { aContext, anOperatorCommand, receive } from '@orchestra/testkit';
import { portsForTests } from './ports-for-tests.fixture.ts';
import { publishCommand } from './publish-command.ts';
import { createService } from './service.ts';

const command = anOperatorCommand({
  commandId: 'c-1',
  action: 'CANCEL',
  addressee: 'gitops',
  runId: 'r-1',
  generation: 1,
  reason: 'wrong branch',
});

function auditInto(entries: Readonly<Record<string, string>>[]) {
  return {
    async audit(entry: Readonly<Record<string, string>>) {
      entries.push(entry);
    },
  };
}

describe('the chatops service', () => {
  it('keeps commands that came in elsewhere in the audit log', async () => {
    const entries: Readonly<Record<string, string>>[] = [];

    const result = await receive(createService(portsForTests()), {
      topic: 'operator_command',
      data: { ...command, source: 'COMMENT' },
      store: auditInto(entries),
    });

    expect(entries).toMatchObject([
      { id: 'c-1', actor: 'ada', source: 'COMMENT', action: 'cancel', reason: 'wrong branch' },
    ]);
    expect(result).toMatchObject({ status: null, events: [] });
  });

  it('follows every other topic', () => {
    const { on } = createService(portsForTests());
    const works = ['operator_command', 'observability_alert'];
    const kinds = Object.entries(on).filter(([topic]) => !works.includes(topic));

    expect(new Set(kinds.map(([, { kind }]) => kind))).toEqual(new Set(['follow']));
  });
});

describe('publishCommand', () => {
  it('writes the audit log and publishes one command to one addressee', async () => {
    const entries: Readonly<Record<string, string>>[] = [];

    const ended = await publishCommand(command, aContext('chatops', { store: auditInto(entries) }));

    expect(entries).toHaveLength(1);
    expect(ended.events).toEqual([{ topic: 'operator_command', data: command }]);
    expect(ended.decided).toMatchObject([{ reason: 'ordered', facts: { commandId: command.commandId } }]);
  });

  it('is followed by a refusal in the history where an order is not passed on', async () => {
    const refused = { action: 'RETRY', unit: 'build', actor: 'ada', reason: 'unit_unknown' };
    const ended = await createService(portsForTests()).tasks?.['refusal']?.handle(refused, aContext('chatops'));

    expect(ended).toMatchObject({
      status: null,
      events: [],
      decided: [{ what: 'retry refused', reason: 'unit_unknown', facts: { unit: 'build', actor: 'ada' } }],
    });
  });

  it.each([{}, { ...command, action: 'ABOLISH' }, { ...command, more: 1 }, null])(
    'publishes nothing else: %j',
    async (payload) => {
      await expect(publishCommand(payload, aContext('chatops'))).rejects.toMatchObject({ name: 'ZodError' });
    },
  );
});
