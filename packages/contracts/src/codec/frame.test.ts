import { describe, expect, it } from '@jest/globals';
import { readFrame, writeFrame } from './frame.ts';

describe('readFrame', () => {
  it('gives back what writeFrame put together', () => {
    const value = writeFrame({ schemaId: 4711, body: Buffer.from('body') });

    expect(value).toEqual(Buffer.from([0, 0, 0, 0x12, 0x67, 0x62, 0x6f, 0x64, 0x79]));
    expect(readFrame(value)).toEqual({ schemaId: 4711, body: Buffer.from('body') });
  });

  it('takes a frame without a body', () => {
    expect(readFrame(Buffer.from([0, 0, 0, 0, 1]))).toEqual({ schemaId: 1, body: Buffer.alloc(0) });
  });

  it('reads ids that no registry hands out as positive numbers', () => {
    expect(readFrame(Buffer.from([0, 0x80, 0, 0, 0])).schemaId).toBe(2 ** 31);
  });

  it.each([
    ['no bytes', Buffer.alloc(0)],
    ['four bytes', Buffer.from([0, 0, 0, 0])],
    ['magic byte 1', Buffer.from([1, 0, 0, 0, 1, 0])],
    ['JSON', Buffer.from('{"outcome":"SUCCESS"}')],
  ])('refuses %s', (_, value) => {
    expect(() => readFrame(value)).toThrow(expect.objectContaining({ code: 'EVENT_NOT_FRAMED', retriable: false }));
  });
});
