import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LogKey, LogStore } from '@orchestra/runtime';

export interface LogStoreUnderTest {
  store: LogStore;
  /** Most bytes of one key that the store was told to keep; 1,000 to 100,000. */
  maxBytes: number;
  close(): Promise<void>;
}

const key: LogKey = { runId: 'run-1', unit: 'deploy/production/shop', generation: 1 };

/** The contract of `LogStore`, which every backend passes. */
export function testLogStore(name: string, create: () => Promise<LogStoreUnderTest>): void {
  describe(`log store ${name}`, () => {
    let under: LogStoreUnderTest;
    beforeEach(async () => {
      under = await create();
    });
    afterEach(async () => under.close());

    testReading(() => under);
    testBounds(() => under);
  });
}

function testReading(under: () => LogStoreUnderTest): void {
  it('reads an unknown key as empty', async () => {
    expect(await under().store.read(key, 0, 100)).toEqual({ text: '', next: 0 });
    expect(await under().store.list('run-1')).toEqual([]);
  });

  it('gives output back in the order of its appends, also when nobody waits in between', async () => {
    const { store } = under();
    const lines = Array.from({ length: 50 }, (_none, index) => `line ${index}\n`);

    await Promise.all(lines.map((line) => store.append(key, line)));

    expect((await store.read(key, 0, 10_000)).text).toBe(lines.join(''));
  });

  it('lets a reader follow from where it stopped', async () => {
    const { store } = under();
    await store.append(key, 'one\n');
    const first = await store.read(key, 0, 100);
    await store.append(key, 'two\n');

    const second = await store.read(key, first.next, 100);

    expect([first.text, second.text]).toEqual(['one\n', 'two\n']);
    expect(await store.read(key, second.next, 100)).toEqual({ text: '', next: second.next });
  });

  it.each([1, 2, 3, 4, 5, 7])('never splits a character when it reads %i bytes at a time', async (bytes) => {
    const { store } = under();
    const text = 'aä€😀'.repeat(20);
    await store.append(key, text);

    const { read, largest } = await readAll(store, bytes);

    expect(read).toBe(text);
    // A character needs up to 4 bytes: fewer could never be read.
    expect(largest).toBeLessThanOrEqual(Math.max(4, bytes));
  });

  it('keeps units, generations and runs apart, and lists them by run', async () => {
    const { store } = under();
    const keys = [
      { ...key, generation: 1 },
      { ...key, generation: 2 },
      { ...key, unit: 'build' },
    ];

    for (const one of keys) await store.append(one, JSON.stringify(one));
    await store.append({ ...key, runId: 'run-2' }, 'other');

    expect(await store.list('run-1')).toHaveLength(3);
    expect(await store.list('run-1')).toEqual(expect.arrayContaining(keys));
    for (const one of keys) expect((await store.read(one, 0, 1_000)).text).toBe(JSON.stringify(one));
  });

  it('keeps a key with a foreign name inside its place', async () => {
    const { store } = under();
    const strange = { runId: '../..', unit: '../../etc/passwd\u0000.%2e', generation: 1 };

    await store.append(strange, 'text');

    expect((await store.read(strange, 0, 100)).text).toBe('text');
    expect(await store.list('../..')).toEqual([strange]);
  });
}

function testBounds(under: () => LogStoreUnderTest): void {
  it('cuts output that is too long, says so once, and stays readable', async () => {
    const { store, maxBytes } = under();
    for (let size = 0; size < maxBytes * 2; size += 300) await store.append(key, '€'.repeat(100));

    const { text } = await store.read(key, 0, maxBytes * 2);

    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxBytes);
    expect(text.match(/\[output cut/g)).toHaveLength(1);
    expect(text).toMatch(/^€+\n\[output cut[^\n]*\]\n$/);
  });

  it('cuts a single append that is too long', async () => {
    const { store, maxBytes } = under();

    await store.append(key, 'x'.repeat(maxBytes + 1));

    const { text, next } = await store.read(key, 0, maxBytes * 2);
    expect(next).toBeLessThanOrEqual(maxBytes);
    expect(text).toMatch(/^x+\n\[output cut/);
  });

  it('keeps output that just fits as it is', async () => {
    const { store, maxBytes } = under();
    const text = 'x'.repeat(Math.floor(maxBytes / 2));

    await store.append(key, text);

    expect((await store.read(key, 0, maxBytes)).text).toBe(text);
  });
}

async function readAll(store: LogStore, bytes: number): Promise<{ read: string; largest: number }> {
  let [read, from, largest] = ['', 0, 0];
  for (;;) {
    const { text, next } = await store.read(key, from, bytes);
    if (next === from) return { read, largest };
    read += text;
    largest = Math.max(largest, next - from);
    from = next;
  }
}
