import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startHttpFake, type HttpFake } from '@orchestra/testkit';
import { orchestra } from '../fake-console.fixture.ts';

let api: HttpFake;
const environment = () => ({ ORCHESTRA_URL: api.url, ORCHESTRA_TOKEN: 't1' });

const letter = {
  id: 'build_ready:0:17',
  topic: 'build_ready',
  partition: 3,
  offset: '99',
  group: 'orchestra.test',
  reason: 'EVENT_NOT_DECODABLE',
  message: 'The body ends too early',
  at: '2030-01-01T00:00:01.000Z',
  writtenAt: '2030-01-01T00:00:00.000Z',
  key: 'run-1',
  sizeBytes: 3,
  eventId: 'e1',
  runId: 'run-1',
};
const opened = {
  ...letter,
  headers: { ce_id: 'e1' },
  base64: 'AAEC',
  hex: '000102',
  payload: null,
  unreadable: { code: 'EVENT_NOT_DECODABLE', message: 'The body ends too early' },
};

beforeEach(async () => {
  api = await startHttpFake(() => ({ status: 200, body: { letters: [letter] } }));
});

afterEach(() => api.close());

describe('orchestra dlq list', () => {
  it('shows who refused what, and asks only for what is named', async () => {
    const ran = await orchestra(['dlq', 'list', '--topic', 'build_ready', '--group', 'orchestra.test'], environment());

    expect(api.seen[0]?.path).toBe('/api/v1/dead-letters?topic=build_ready&group=orchestra.test');
    expect(ran.code).toBe(0);
    expect(ran.data.split('\n')[1]).toMatch(/^build_ready:0:17\s+orchestra\.test\s+EVENT_NOT_DECODABLE\s.*run-1\s+3 B/);
  });

  it('prints one JSON document', async () => {
    const ran = await orchestra(['dlq', 'list', '--json'], environment());

    expect(JSON.parse(ran.data)).toEqual({ letters: [letter] });
  });

  it('says so when there is none', async () => {
    api.next.push({ status: 200, body: { letters: [] } });

    const ran = await orchestra(['dlq', 'list'], environment());

    expect(ran).toMatchObject({ code: 0, data: '', progress: 'No dead letters.\n' });
  });
});

describe('orchestra dlq show', () => {
  it('shows reason, place, headers and bytes, and why they cannot be read', async () => {
    api.next.push({ status: 200, body: opened });

    const ran = await orchestra(['dlq', 'show', letter.id], environment());

    expect(api.seen[0]?.path).toBe('/api/v1/dead-letters/build_ready%3A0%3A17');
    expect(ran.data.split('\n')).toEqual([
      'letter    build_ready:0:17',
      'from      build_ready, partition 3, offset 99, written 2030-01-01T00:00:00.000Z',
      'refused   2030-01-01T00:00:01.000Z by orchestra.test',
      'because   EVENT_NOT_DECODABLE: The body ends too early',
      'key       run-1',
      'header    ce_id: e1',
      'bytes     3',
      '  000000  000102',
      'base64    AAEC',
      'payload   cannot be read: EVENT_NOT_DECODABLE: The body ends too early',
      '',
    ]);
  });

  it('shows what the bytes say', async () => {
    api.next.push({ status: 200, body: { ...opened, payload: { outcome: 'SUCCESS' }, unreadable: null } });

    const ran = await orchestra(['dlq', 'show', letter.id], environment());

    expect(ran.data).toContain('payload\n{\n  "outcome": "SUCCESS"\n}\n');
  });

  it('shows nothing that a terminal would obey', async () => {
    api.next.push({ status: 200, body: { ...opened, message: '\u001B[2Jgone' } });

    const ran = await orchestra(['dlq', 'show', letter.id], environment());

    expect(ran.data).not.toContain('\u001B');
  });
});

describe('orchestra dlq replay and drop', () => {
  it.each([
    { verb: 'replay', says: 'Published again for orchestra.test' },
    { verb: 'drop', says: 'Dropped.' },
  ])('$verb sends the reason and prints the letter', async ({ verb, says }) => {
    api.next.push({ status: 200, body: { letter } });

    const ran = await orchestra(['dlq', verb, letter.id, '--reason', 'fixed'], environment());

    expect(api.seen).toMatchObject([{ method: 'POST', path: `/api/v1/dead-letters/build_ready%3A0%3A17/${verb}` }]);
    expect(JSON.parse(api.seen[0]?.body ?? '')).toEqual({ reason: 'fixed' });
    expect(ran).toMatchObject({ code: 0, data: 'build_ready:0:17\n' });
    expect(ran.progress).toContain(says);
  });

  it('end with 1 for a letter that is no longer open', async () => {
    api.next.push({ status: 404, body: { code: 'NOT_FOUND', message: 'No open dead letter' } });

    const ran = await orchestra(['dlq', 'drop', letter.id, '--json'], environment());

    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.data)).toMatchObject({ code: 'NOT_FOUND' });
  });
});
