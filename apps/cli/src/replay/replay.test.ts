import { describe, expect, it } from '@jest/globals';
import type { Replayed } from '@orchestra/runtime';
import { orchestra } from '../fake-console.fixture.ts';
import { parseFrom } from './parse-from.ts';
import { renderReplayed } from './render-replayed.ts';

describe('orchestra replay', () => {
  it('is refused without --dry-run, and says why', async () => {
    const ran = await orchestra(['replay', '--topic', 'build_ready', '--service', 'test']);

    expect(ran).toMatchObject({ code: 1, data: '' });
    expect(ran.progress).toContain('effects would be made again');
  });

  it.each([
    ['--topic', 'nonsense', '--service', 'test'],
    ['--topic', 'build_ready', '--service', 'nonsense'],
    ['--topic', 'build_ready', '--service', 'test', '--from', 'yesterday'],
  ])('refuses %s %s %s %s', async (...args) => {
    expect((await orchestra(['replay', '--dry-run', ...args])).code).toBe(1);
  });
});

describe('parseFrom', () => {
  it.each([
    ['oldest', { kind: 'oldest' }],
    ['17', { kind: 'offset', partition: 0, offset: '17' }],
    ['3:17', { kind: 'offset', partition: 3, offset: '17' }],
    ['2030-01-31T12:00:00Z', { kind: 'time', at: new Date('2030-01-31T12:00:00Z') }],
  ])('reads %s', (text, start) => {
    expect(parseFrom(text)).toEqual(start);
  });
});

describe('renderReplayed', () => {
  const event = { id: 'e1', topic: 'iac_ready', runId: 'run-1', at: '2030-01-01T00:00:00.000Z' } as const;
  const answer = { topic: 'deployment_triggered', unit: 'deploy/a/b', says: { phase: 'ABORTED' } } as const;
  const replayed = (change: Partial<Replayed>): Replayed => ({
    kind: 'same',
    event,
    recorded: [],
    answered: [],
    because: null,
    ...change,
  });

  it('shows what was recorded beside what is answered now, and nothing of what is the same', () => {
    const lines = renderReplayed([replayed({}), replayed({ kind: 'differs', recorded: [answer] })]);

    expect(lines).toEqual([
      'differs     iac_ready e1 of run run-1, 2030-01-01T00:00:00.000Z',
      '  - recorded deployment_triggered deploy/a/b {"phase":"ABORTED"}',
      '  + answered nothing',
    ]);
  });

  it('says what an answer depends on that cannot be judged, and why an event is refused', () => {
    const lines = renderReplayed([
      replayed({ kind: 'world', because: 'workbench.open' }),
      replayed({ kind: 'refused', because: 'no such schema' }),
    ]);

    expect(lines.map((line) => line.replace(/ iac_ready.*Z/, ''))).toEqual([
      'not judged : asks workbench.open',
      'refused    : no such schema',
    ]);
  });
});
