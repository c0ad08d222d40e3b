import { describe, expect, it } from '@jest/globals';
import { describeCrash, judgeCrash } from './crash-causes.ts';

const refusal = { name: 'KafkaJSProtocolError', message: 'Not authorized', type: 'GROUP_AUTHORIZATION_FAILED' };
const wrapped = { name: 'KafkaJSNonRetriableError', message: 'Not authorized', retriable: false, cause: refusal };
const lost = { name: 'KafkaJSConnectionError', message: 'Connection timeout', retriable: true };

describe('judgeCrash', () => {
  it.each([
    ['a refusal by the broker', refusal, 'give_up'],
    ['a refusal inside of a wrapper', wrapped, 'give_up'],
    ['what the client cannot do', { name: 'KafkaJSNotImplemented', message: 'LZ4', retriable: false }, 'give_up'],
    ['a lost connection', lost, 'wait'],
    ['a lost connection inside of a wrapper', { ...wrapped, cause: lost }, 'wait'],
    ['retries that were used up', { name: 'KafkaJSNumberOfRetriesExceeded', retriable: false }, 'wait'],
    ['a connection that was made but not set up', new Error('Broker not connected'), 'doubt'],
    ['a programming error of the client', new TypeError('nodeId of undefined'), 'doubt'],
    ['something that is no error', 'gone', 'doubt'],
  ])('judges %s', (_what, cause, prospect) => {
    expect(judgeCrash(cause)).toBe(prospect);
  });

  it('ends at an error that causes itself', () => {
    const turning: { name: string; cause?: unknown } = { name: 'Turning' };
    turning.cause = turning;

    expect(judgeCrash(turning)).toBe('doubt');
  });
});

describe('describeCrash', () => {
  it('names each error of the chain with the word of the broker', () => {
    expect(describeCrash(wrapped)).toBe(
      'KafkaJSNonRetriableError: Not authorized, caused by KafkaJSProtocolError: Not authorized (GROUP_AUTHORIZATION_FAILED)',
    );
  });

  it('says a thing that is no error as it is', () => {
    expect(describeCrash('gone')).toBe('gone');
  });
});
