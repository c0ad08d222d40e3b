import { describe, expect, it } from '@jest/globals';
import { createAcceptRoom } from './accept-room.ts';

describe('createAcceptRoom', () => {
  it('has so many places, and those that are left are taken again', () => {
    const room = createAcceptRoom({ maxAtOnce: 2, maxBytes: 100 });
    const first = room.enter();
    room.enter();

    expect(room.enter()).toBeNull();
    first?.leave();
    first?.leave();

    expect([room.enter() === null, room.enter() === null]).toEqual([false, true]);
  });

  it('has so many bytes for all of them, and those of a place that is left are free again', () => {
    const room = createAcceptRoom({ maxAtOnce: 3, maxBytes: 100 });
    const large = room.enter();
    const small = room.enter();

    const taken = [large?.take(90), small?.take(10), small?.take(1)];
    large?.leave();

    expect(taken).toEqual([true, true, false]);
    expect([small?.take(90), small?.take(1)]).toEqual([true, false]);
  });

  it('gives nothing to a request that has its answer', () => {
    const place = createAcceptRoom({ maxAtOnce: 1, maxBytes: 100 }).enter();

    place?.leave();

    expect(place?.take(1)).toBe(false);
  });
});
