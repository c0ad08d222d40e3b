import { describe, expect, it } from '@jest/globals';
import { createMissingIds } from './missing-ids.ts';

describe('createMissingIds', () => {
  it('remembers an id for the given time', () => {
    let now = 1000;
    const ids = createMissingIds(60_000, () => now);

    ids.add(7);

    expect(ids.has(7)).toBe(true);
    expect(ids.has(8)).toBe(false);
    now += 60_000;
    expect(ids.has(7)).toBe(false);
  });

  it('forgets the oldest beyond a thousand', () => {
    const ids = createMissingIds(60_000, () => 0);

    for (let id = 1; id <= 1_001; id += 1) ids.add(id);

    expect(ids.has(1)).toBe(false);
    expect(ids.has(2)).toBe(true);
    expect(ids.has(1_001)).toBe(true);
  });
});
