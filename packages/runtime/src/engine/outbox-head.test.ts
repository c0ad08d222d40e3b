import { describe, expect, it } from '@jest/globals';
import type { OutgoingRecord } from '../ports/event-bus.ts';
import { createOutboxHead, type Given, type OutboxEntry, type OutboxHead } from './outbox-head.ts';

describe('the head of an outbox', () => {
  it('has to be read at first, because nobody knows what a predecessor left', () => {
    expect(createOutboxHead().isDoubted()).toBe(true);
  });

  it('gives what was handed over right behind what is known, in its order', () => {
    const head = readUpTo('1');

    head.give(given('1', ['2', '3']));
    head.give(given('3', ['4']));

    expect(positions(head)).toEqual(['2', '3', '4']);
    expect(head.isDoubted()).toBe(false);
  });

  it.each([
    ['an older entry stands before it that nobody handed over', '2'],
    ['it comes late, when it was read already', '0'],
  ])('does not use what was handed over when %s', (_why, after) => {
    const head = readUpTo('1');

    head.give(given(after, ['3']));

    expect(positions(head)).toEqual([]);
    expect(head.isDoubted()).toBe(true);
  });

  it('uses nothing behind a gap until a read has closed it', () => {
    const head = readUpTo('1');
    head.give(given('2', ['3']));
    head.give(given('3', ['4']));

    expect(positions(head)).toEqual([]);
    head.beginRead();
    head.endRead(entries(['2', '3', '4']), true);
    head.give(given('4', ['5']));

    expect(positions(head)).toEqual(['5']);
  });

  it('reads again when something was handed over during a read, which may have it or not', () => {
    const head = readUpTo('1');

    head.beginRead();
    head.give(given('1', ['2']));
    head.endRead(entries(['2']), true);

    expect(positions(head)).toEqual([]);
    expect(head.isDoubted()).toBe(true);
  });

  it('takes what was read instead of what was handed over before', () => {
    const head = readUpTo('1');
    head.give(given('1', ['2']));

    head.beginRead();
    head.endRead(entries(['2']), true);

    expect(positions(head)).toEqual([]);
    expect(head.isDoubted()).toBe(false);
  });

  it('reads on when a read did not give all', () => {
    const head = createOutboxHead();

    head.beginRead();
    head.endRead(entries(['1']), false);

    expect(head.isDoubted()).toBe(true);
  });

  it('gives at most so many at once, and then the rest', () => {
    const head = readUpTo('1');
    head.give(given('1', ['2', '3', '4']));

    expect(head.take(0, 2).map(({ position }) => position)).toEqual(['2', '3']);
    expect(positions(head)).toEqual(['4']);
  });

  it('gives nothing when the right to publish is over: another process may have published it', () => {
    const head = readUpTo('1');
    head.give({ ...given('1', ['2']), heldUntilMs: 100 });

    expect(head.take(100, 10)).toEqual([]);
    expect(head.isDoubted()).toBe(true);
  });

  it('does not take up what waited while the right was over, though a later finish got it again', () => {
    const head = readUpTo('1');
    head.give({ ...given('1', ['2']), heldUntilMs: 100 });

    head.give({ ...given('2', ['3']), atMs: 200, heldUntilMs: 300 });

    expect(head.take(250, 10)).toEqual([]);
    expect(head.isDoubted()).toBe(true);
  });

  it('knows nothing any more when it is told to forget', () => {
    const head = readUpTo('1');
    head.give(given('1', ['2']));

    head.forget();
    head.give(given('2', ['3']));

    expect(positions(head)).toEqual([]);
    expect(head.isDoubted()).toBe(true);
  });

  it('tells of news and of doubts', () => {
    const head = readUpTo('1');
    let told = 0;
    head.onNews(() => {
      told += 1;
    });

    head.give(given('1', ['2']));
    head.doubt();

    expect(told).toBe(2);
    expect(head.isDoubted()).toBe(true);
    expect(positions(head)).toEqual(['2']);
  });
});

function readUpTo(position: string): OutboxHead {
  const head = createOutboxHead();
  head.beginRead();
  head.endRead(entries([position]), true);
  return head;
}

function given(after: string, places: string[]): Given {
  return { handed: { after, positions: places }, records: places.map(recordAt), atMs: 0, heldUntilMs: 1_000 };
}

function entries(places: string[]): OutboxEntry[] {
  return places.map((position) => ({ position, record: recordAt(position) }));
}

function recordAt(position: string): OutgoingRecord {
  return { topic: 'build_ready', key: 'run', value: Buffer.from(position), headers: {} };
}

function positions(head: OutboxHead): string[] {
  return head.take(0, 100).map(({ position }) => position);
}
