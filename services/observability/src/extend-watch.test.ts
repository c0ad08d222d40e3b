import { describe, expect, it } from '@jest/globals';
import { extendedMs, parseTarget, type OperatorCommand, type Target } from '@orchestra/contracts';
import { anOperatorCommand, receive } from '@orchestra/testkit';
import type { Ports } from './ports.ts';
import { createService } from './service.ts';
import { servingTarget } from './serving-target.fixture.ts';

const bare = servingTarget('run-2');
const target: Target = { ...bare, history: bare.history.map((one) => ({ ...one, health: 'watching' as const })) };
const current = target.current ?? '';
const owner = target.history.find(({ release }) => release === current);

const command = anOperatorCommand({
  commandId: 'c1',
  action: 'EXTEND_WATCH',
  source: 'CLI',
  addressee: 'observability',
  repository: target.repository,
  runId: owner?.runId ?? null,
  generation: 1,
  unit: `observe/${target.environment}/${target.service}`,
  seconds: 90,
});

async function order(change: Partial<OperatorCommand>, runId = owner?.runId ?? '') {
  const readTarget = async (key: string) => ({ key, version: 3, target: JSON.stringify(target) });
  const ports: Ports = { measurements: { measure: async () => null } };
  return receive(createService(ports), {
    topic: 'operator_command',
    data: { ...command, ...change },
    run: { runId, repository: target.repository },
    store: { readTarget },
  });
}

describe('an order to watch a release for longer', () => {
  it('is written to the release, and counted once', async () => {
    const result = await order({});

    expect(result).toMatchObject({ decided: [{ what: 'command accepted' }], target: { expected: 3 } });
    const written = result?.kind === 'end' && result.target !== undefined ? result.target.target : {};
    expect(extendedMs(parseTarget(JSON.stringify(written)), current)).toBe(90_000);
  });

  it.each([
    { what: 'no unit', change: { unit: null }, reason: 'no_target' },
    { what: 'no duration', change: { seconds: null }, reason: 'no_duration' },
    { what: 'more than a week', change: { seconds: 700_000 }, reason: 'no_duration' },
    { what: 'another order', change: { action: 'FREEZE' as const }, reason: 'not_understood' },
  ])('is refused with $what', async ({ change, reason }) => {
    expect(await order(change)).toMatchObject({ decided: [{ what: 'command refused', reason }] });
  });

  it('is refused for a run that released nothing', async () => {
    expect(await order({}, 'another')).toMatchObject({ decided: [{ reason: 'not_watched' }] });
  });
});
