import { describe, expect, it } from '@jest/globals';
import { parseReply } from './parse-reply.ts';

function reply(resultType: string, result: unknown): string {
  return JSON.stringify({ status: 'success', data: { resultType, result } });
}

describe('parseReply', () => {
  it.each([
    ['a scalar', reply('scalar', [1_700_000_000.5, '3']), [{ at: 1_700_000_000_500, value: 3 }]],
    ['a vector of one', reply('vector', [{ metric: {}, value: [1, '0.25'] }]), [{ at: 1000, value: 0.25 }]],
    ['a vector of none', reply('vector', []), []],
    ['a matrix of none', reply('matrix', []), []],
    [
      'a matrix of one',
      reply('matrix', [
        {
          metric: { job: 'a' },
          values: [
            [1, '1'],
            [2, 'NaN'],
            [3, '+Inf'],
            [4, '2e-3'],
          ],
        },
      ]),
      [
        { at: 1000, value: 1 },
        { at: 4000, value: 0.002 },
      ],
    ],
  ])('reads %s', (_what, text, points) => {
    expect(parseReply(text)).toEqual(points);
  });

  it.each([
    [
      'several series',
      reply('vector', [
        { metric: {}, value: [1, '1'] },
        { metric: {}, value: [1, '2'] },
      ]),
    ],
    ['a query that is wrong', JSON.stringify({ status: 'error', errorType: 'bad_data', error: 'parse error' })],
  ])('refuses %s for good', (_what, text) => {
    expect(() => parseReply(text)).toThrow(expect.objectContaining({ code: 'METRICS_REFUSED', retriable: false }));
  });

  it.each([
    ['the page of a proxy', '<html>'],
    ['another form', '{"status":"success","data":{"resultType":"string","result":[1,"x"]}}'],
    ['a time-out of the server', JSON.stringify({ status: 'error', errorType: 'timeout', error: 'too slow' })],
  ])('hopes for better after %s', (_what, text) => {
    expect(() => parseReply(text)).toThrow(expect.objectContaining({ code: 'METRICS_UNAVAILABLE', retriable: true }));
  });
});
