import { describe, expect, it } from '@jest/globals';
import { OrchestraError } from '@orchestra/contracts';
import { toStoreError } from './store-error.ts';

describe('toStoreError', () => {
  it.each([
    ['LOADING Redis is loading the dataset in memory', 'STORE_UNAVAILABLE', true],
    ["OOM command not allowed when used memory > 'maxmemory'.", 'STORE_UNAVAILABLE', true],
    ['MISCONF Errors writing to the AOF file', 'STORE_UNAVAILABLE', true],
    ['NOT_INITIALIZED no identity marker', 'STORE_NOT_INITIALIZED', true],
    ['ARGUMENT_INVALID admission.identity.runId is taken', 'STORE_ARGUMENT_INVALID', false],
    ['ERR Invalid stream ID specified as stream command argument', 'STORE_ARGUMENT_INVALID', false],
  ])('reads %s as %s', (message, code, retriable) => {
    expect(toStoreError(reply(message))).toMatchObject({ code, retriable });
  });

  it.each(['Connection is closed.', 'Command timed out', 'connect ECONNREFUSED'])(
    'takes %s for an outage',
    (message) => {
      expect(toStoreError(new Error(message))).toMatchObject({ code: 'STORE_UNAVAILABLE', retriable: true });
    },
  );

  it.each([
    reply('WRONGTYPE Operation against a key holding the wrong kind of value'),
    reply("ERR user_script:12: attempt to index local 'job' (a nil value)"),
    new OrchestraError('STORE_UNSAFE', 'said already'),
  ])('leaves a mistake of ours, and what was said already, as it is: %s', (error) => {
    expect(toStoreError(error)).toBe(error);
  });
});

function reply(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError' });
}
