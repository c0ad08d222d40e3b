import { describe, expect, it } from '@jest/globals';
import { createTarget, type OperatorCommand, type Received, type Target } from '@orchestra/contracts';
import { anOperatorCommand } from '@orchestra/testkit';
import { readOrder } from './read-request.ts';

const target: Target = { ...createTarget({ repository: 'acme/shop', environment: 'production', service: 'web' }) };

const command = anOperatorCommand({
  commandId: 'c1',
  action: 'ROLLBACK',
  addressee: 'rollback',
  runId: 'run-2',
  generation: 1,
  environment: 'production',
  service: 'web',
});

function anOrder(change: Partial<OperatorCommand> = {}): Received<'operator_command'> {
  const envelope = { id: 'event-1', runId: 'run-2', source: 'chatops' as const, subject: 'operator_command' };
  const around = { generation: 1, hops: 1, causeId: null, time: new Date(0) };
  return { topic: 'operator_command', ...envelope, ...around, data: { ...command, ...change } };
}

function seizedFrom(from: string): Pick<Target, 'seizure'> {
  const by = { runId: 'run-2', jobId: 'j', reason: 'ordered', byPerson: true };
  return { seizure: { cause: 'event-1', from, to: 'r1', epoch: 5, at: '2026-01-01T00:00:00Z', ousted: null, ...by } };
}

describe('readOrder', () => {
  it.each([
    { when: 'it names one', order: { release: 'r0' }, at: { current: 'r1' }, release: 'r0' },
    { when: 'nothing else is going on', order: {}, at: { current: 'r1' }, release: 'r1' },
    // After a crash the canary has lost the lane: what serves beside it is not what the person meant.
    { when: 'its own seizure is resumed', order: {}, at: { current: 'r1', ...seizedFrom('r2') }, release: 'r2' },
  ])('takes back $release when $when', ({ order, at, release }) => {
    expect(readOrder(anOrder(order), { ...target, ...at })).toMatchObject({ release, cause: 'event-1' });
  });

  it.each([
    { when: 'nothing serves', order: {}, at: {} },
    { when: 'it names no environment', order: { environment: null }, at: { current: 'r1' } },
  ])('asks for nothing when $when', ({ order, at }) => {
    expect(readOrder(anOrder(order), { ...target, ...at })).toBeNull();
  });
});
