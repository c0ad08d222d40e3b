import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import type { KeptSample, RunStore } from '@orchestra/runtime';
import type { Under } from './place.ts';

const day = 86_400_000;
const noon = Date.parse('2030-03-01T12:00:00Z');

/** Samples that outlive the watches that they are of. */
export function testSamples(under: Under): void {
  it('keeps one sample a minute of each target, the first, and gives those of a time in order', async () => {
    const { store } = under();
    const [web, api] = [aTarget(), aTarget()];

    await store.keepSample(aSample(web, noon + 60_000, { latency_ms: 2 }));
    expect(await store.keepSample(aSample(web, noon, { latency_ms: 1, error_ratio: 0.25 }))).toBe('kept');
    expect(await store.keepSample(aSample(web, noon + 59_999, { latency_ms: 9 }))).toBe('taken');
    await store.keepSample(aSample(api, noon, { latency_ms: 7 }));
    await store.keepSample(aSample(web, noon + 120_000, { latency_ms: 3 }));

    expect(await store.readSamples({ target: web, from: iso(noon + 30_000), to: iso(noon + 60_000) })).toEqual([
      { target: web, at: iso(noon), release: 'r1', values: { latency_ms: 1, error_ratio: 0.25 } },
      { target: web, at: iso(noon + 60_000), release: 'r1', values: { latency_ms: 2 } },
    ]);
    expect(await store.readSamples({ target: api, from: iso(noon), to: iso(noon) })).toMatchObject([
      { values: { latency_ms: 7 } },
    ]);
  });

  it('gives samples across midnight, and none of a time without any or of one that ends before it begins', async () => {
    const { store } = under();
    const target = aTarget();
    const midnight = noon + day / 2;
    const times = [midnight - 60_000, midnight, midnight + day];
    for (const at of times) await store.keepSample(aSample(target, at, {}));

    const read = async (from: number, to: number) => store.readSamples({ target, from: iso(from), to: iso(to) });

    expect((await read(midnight - 60_000, midnight + 2 * day)).map(({ at }) => at)).toEqual(times.map(iso));
    expect(await read(noon, noon + 60_000)).toEqual([]);
    expect(await read(noon + day, noon)).toEqual([]);
  });

  it('drops samples after 15 days, and a day later at the latest', async () => {
    const { store, advance } = under();
    const target = aTarget();
    const now = await timeOf(store);
    const count = async () => {
      await store.reap('observability', 1);
      return (await store.readSamples({ target, from: iso(now - day), to: iso(now + day) })).length;
    };
    await store.keepSample(aSample(target, now, {}));

    await advance(14 * day);
    expect(await count()).toBe(1);
    await advance(2 * day);
    expect(await count()).toBe(0);
  });
}

async function timeOf(store: RunStore): Promise<number> {
  const repository = aTarget();
  await store.noteHead({ repository, ref: 'HEAD', expected: null, commit: 'c1' });
  const [head] = await store.readHeads(repository);
  return Date.parse(head?.at ?? '');
}

function aTarget(): string {
  return `acme/${randomUUID()}/production/web`;
}

function aSample(target: string, at: number, values: KeptSample['values']): KeptSample {
  return { target, at: iso(at), release: 'r1', values };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
