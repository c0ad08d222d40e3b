import { describe, expect, it } from '@jest/globals';
import { aBuildReady } from '../given-events.ts';
import { checkDeadLetters } from './dead-letters-whole.ts';
import { aRecord, aWorld, goodRecords } from './world.fixture.ts';
import type { RecordFacts } from './world-facts.ts';

const poison: RecordFacts = {
  ...aRecord('build_ready', aBuildReady(), { at: 7 }),
  value: Buffer.from([1, 2, 3]),
  event: null,
  problem: 'EVENT_NOT_FRAMED',
};
const stranger = aRecord('build_ready', aBuildReady(), { runId: 'run-9', at: 8 });
const groups = ['orchestra.test', 'orchestra.chatops'].map((group) => ({ group, topic: 'build_ready', lag: 0 }));

function letterOf(record: RecordFacts, group: string, code: string): RecordFacts {
  const why = { 'dlq.error.class': code, 'dlq.error.message': 'why', 'dlq.at': '2026-01-01T00:00:00.000Z' };
  const from = { 'dlq.original.topic': record.topic, 'dlq.group': group };
  const headers = { ...record.headers, ...why, ...from };
  return { ...record, topic: `${record.topic}.dlq`, headers, event: null, problem: null };
}

const letters = groups.map(({ group }) => letterOf(poison, group, 'EVENT_NOT_FRAMED'));

describe('the dead letters hold every refused record', () => {
  it('holds where nothing was refused', () => {
    expect(checkDeadLetters(aWorld({ groups }))).toEqual([]);
  });

  it('holds where each group has kept what it refused', () => {
    expect(checkDeadLetters(aWorld({ groups, records: [...goodRecords, poison, ...letters] }))).toEqual([]);
  });

  it('is broken by a group that has not, shown by the record', () => {
    const violations = checkDeadLetters(aWorld({ groups, records: [poison, ...letters.slice(1)] }));

    expect(violations).toMatchObject([
      {
        invariant: 'I6',
        what: 'a record that orchestra.test refused is not among its dead letters',
        history: [{ id: 'build_ready/0/7', what: expect.stringContaining('EVENT_NOT_FRAMED') }],
      },
    ]);
  });

  it('is broken by other bytes, another key or lost headers', () => {
    const [letter] = letters;
    const damaged = [
      { value: Buffer.from([9]) },
      { key: 'other' },
      { headers: { ...letter?.headers, ce_id: 'other' } },
    ];

    for (const change of damaged) {
      const records = [poison, ...letters.map((one) => ({ ...one, ...change }))];
      const whats = checkDeadLetters(aWorld({ groups, records })).map(({ what }) => what);
      expect(whats).toContain('a dead letter has not the bytes of any record of its topic');
    }
  });

  it('is broken by a letter without its reason', () => {
    const records = [poison, ...letters.map((one) => ({ ...one, headers: { ...one.headers, 'dlq.error.class': '' } }))];

    expect(checkDeadLetters(aWorld({ groups, records })).map(({ what }) => what)).toContain(
      'a dead letter does not say dlq.error.class',
    );
  });

  it('asks for the records of runs that nobody knows, but not from who published them', () => {
    expect(checkDeadLetters(aWorld({ groups, records: [stranger] }))).toHaveLength(2);
    const own = [{ group: 'orchestra.build', topic: 'build_ready', lag: 0 }];
    expect(checkDeadLetters(aWorld({ groups: own, records: [stranger] }))).toEqual([]);
  });

  it('is broken by a record of a known run that was refused as unknown', () => {
    const [, build] = goodRecords;
    const records = build === undefined ? [] : [build, letterOf(build, 'orchestra.test', 'RUN_UNKNOWN')];

    expect(checkDeadLetters(aWorld({ groups, records }))).toMatchObject([
      { what: 'a record of a run that is known was refused as unknown' },
    ]);
  });
});
