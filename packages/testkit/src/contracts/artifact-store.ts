import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ArtifactStore } from '@orchestra/runtime';

/** An artifact store under test, and the hands that harm it. */
export interface ArtifactStoreUnderTest {
  store: ArtifactStore;
  /** Largest artifact that the store was told to keep; under 2 MiB. */
  maxBytes: number;
  /** Changes bytes of a stored artifact behind the store's back, without changing their number. */
  corrupt(digest: string): Promise<void>;
  /** How many files or objects are left that belong to no artifact. */
  drafts(): Promise<number>;
  close(): Promise<void>;
}

/** The contract of `ArtifactStore`, which every backend passes. */
export function testArtifactStore(name: string, create: () => Promise<ArtifactStoreUnderTest>): void {
  describe(`artifact store ${name}`, () => {
    let under: ArtifactStoreUnderTest;
    beforeEach(async () => {
      under = await create();
    });
    afterEach(async () => under.close());

    testKeeping(() => under);
    testRefusing(() => under);
    testRemoving(() => under);
  });
}

function testKeeping(under: () => ArtifactStoreUnderTest): void {
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a byte', Buffer.from([0])],
    ['more than one chunk', randomBytes(200_000)],
  ])('gives %s back under its digest', async (_what, bytes) => {
    const { store } = under();

    const stored = await store.put(bytes);

    expect(stored).toEqual({ digest: digestOf(bytes), sizeBytes: bytes.length });
    expect(await store.has(stored.digest)).toBe(true);
    expect(await store.read(stored.digest, bytes.length)).toEqual(bytes);
    expect(await collect(await store.open(stored.digest))).toEqual(bytes);
  });

  it('keeps a stream under the digest of all its bytes', async () => {
    const { store } = under();
    const chunks = [randomBytes(70_000), randomBytes(1), randomBytes(70_000)];

    const stored = await store.put(Readable.from(chunks));

    expect(stored.digest).toBe(digestOf(Buffer.concat(chunks)));
    expect(await store.read(stored.digest, 1_000_000)).toEqual(Buffer.concat(chunks));
  });

  it('keeps the same bytes once, also when they are put at the same time', async () => {
    const { store, drafts } = under();
    const bytes = randomBytes(50_000);

    const stored = await Promise.all([store.put(bytes), store.put(bytes), store.put(Readable.from([bytes]))]);

    expect(new Set(stored.map(({ digest }) => digest)).size).toBe(1);
    expect(await store.read(digestOf(bytes), 50_000)).toEqual(bytes);
    expect(await drafts()).toBe(0);
  });

  it('makes a rotten artifact whole when it is put again', async () => {
    const { store, corrupt } = under();
    const bytes = randomBytes(1_000);
    const { digest } = await store.put(bytes);
    await corrupt(digest);

    await store.put(bytes);

    expect(await store.read(digest, 1_000)).toEqual(bytes);
  });
}

function testRefusing(under: () => ArtifactStoreUnderTest): void {
  it('shows nothing of a stream that breaks', async () => {
    const { store, drafts } = under();
    const first = randomBytes(100);

    const put = store.put(Readable.from(breaking(first)));

    await expect(put).rejects.toThrow('the line is dead');
    expect(await store.has(digestOf(first))).toBe(false);
    expect(await drafts()).toBe(0);
  });

  it('refuses an artifact that is too large, and keeps nothing of it', async () => {
    const { store, maxBytes, drafts } = under();
    const bytes = Buffer.alloc(maxBytes + 1);

    await expect(store.put(bytes)).rejects.toMatchObject({ code: 'ARTIFACT_TOO_LARGE', retriable: false });
    expect(await store.has(digestOf(bytes))).toBe(false);
    expect(await drafts()).toBe(0);
  });

  it('refuses to read more than was allowed', async () => {
    const { store } = under();
    const { digest } = await store.put(randomBytes(11));

    await expect(store.read(digest, 10)).rejects.toMatchObject({ code: 'ARTIFACT_TOO_LARGE' });
  });

  it('never gives out bytes that do not have their digest', async () => {
    const { store, corrupt } = under();
    const { digest } = await store.put(randomBytes(100_000));

    await corrupt(digest);

    await expect(store.read(digest, 100_000)).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT' });
    const stream = await store.open(digest);
    await expect(collect(stream)).rejects.toMatchObject({ code: 'ARTIFACT_CORRUPT' });
  });

  it.each(['sha256:' + '0'.repeat(64), 'sha256:short', '../../etc/passwd', ''])(
    'has nothing under %j',
    async (digest) => {
      const { store } = under();

      expect(await store.has(digest)).toBe(false);
      await expect(store.open(digest)).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
      await expect(store.read(digest, 10)).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
    },
  );
}

function testRemoving(under: () => ArtifactStoreUnderTest): void {
  it('lists all artifacts and when they were put', async () => {
    const { store } = under();
    expect(await store.list()).toEqual([]);
    const began = Date.now();
    const stored = [await store.put(randomBytes(10)), await store.put(randomBytes(10))];

    const listed = await store.list();

    expect(listed.map(({ digest }) => digest).toSorted()).toEqual(stored.map(({ digest }) => digest).toSorted());
    // File systems cut times to their own steps.
    for (const { storedAt } of listed) expect(Math.abs(storedAt.getTime() - began)).toBeLessThan(60_000);
  });

  it('removes one that was put before, once, and leaves the others and nothing else', async () => {
    const { store, drafts } = under();
    const [gone, kept] = [await store.put(randomBytes(10)), await store.put(randomBytes(10))];

    expect(await store.remove(gone.digest, inAnHour())).toBe(true);
    expect(await store.remove(gone.digest, inAnHour())).toBe(false);

    expect([await store.has(gone.digest), await store.has(kept.digest)]).toEqual([false, true]);
    expect(await drafts()).toBe(0);
    await expect(store.open(gone.digest)).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
  });

  it('leaves one that was put again since', async () => {
    const { store } = under();
    const { digest } = await store.put(randomBytes(10));

    expect(await store.remove(digest, new Date(Date.now() - 3_600_000))).toBe(false);

    expect(await store.has(digest)).toBe(true);
  });

  it('keeps the bytes of a removed one when they are put again', async () => {
    const { store } = under();
    const bytes = randomBytes(100);
    const { digest } = await store.put(bytes);
    await store.remove(digest, inAnHour());

    await store.put(bytes);

    expect(await store.read(digest, 100)).toEqual(bytes);
  });

  it.each(['sha256:short', '../../etc/passwd', ''])('removes nothing under %j', async (digest) => {
    expect(await under().store.remove(digest, inAnHour())).toBe(false);
  });
}

function inAnHour(): Date {
  return new Date(Date.now() + 3_600_000);
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

async function collect(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function* breaking(first: Buffer): Generator<Buffer> {
  yield first;
  throw new Error('the line is dead');
}
