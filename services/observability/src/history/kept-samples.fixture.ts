import type { KeptSample, ServiceStore } from '@orchestra/runtime';

/** A store of samples in memory, with some that were kept before. */
export function createKeptSamples(before: readonly KeptSample[] = []) {
  const kept = [...before];
  const store: Pick<ServiceStore, 'keepSample' | 'readSamples'> = {
    async keepSample(sample) {
      const isTaken = kept.some(
        ({ target, at }) => target === sample.target && at.slice(0, 16) === sample.at.slice(0, 16),
      );
      if (!isTaken) kept.push(sample);
      return isTaken ? 'taken' : 'kept';
    },
    readSamples: async ({ target, from, to }) =>
      kept.filter((one) => one.target === target && one.at >= from && one.at <= to),
  };
  return { kept, store };
}

/** A sample of `web` a minute, from a moment on. */
export function everyMinute(from: number, release: string, values: readonly KeptSample['values'][]): KeptSample[] {
  return values.map((value, minute) => {
    return {
      target: 'acme/shop/production/web',
      at: new Date(from + minute * 60_000).toISOString(),
      release,
      values: value,
    };
  });
}
