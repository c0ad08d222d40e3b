import type { Flags } from '@orchestra/adapters/flags';
import { OrchestraError } from '@orchestra/runtime';

export interface FakeFlags extends Flags {
  /** All changes that were made, as `environment/flag percent`. */
  changes: string[];
  percentOf(environment: string, flag: string): number | null;
}

/** Flags in memory. */
export function createFakeFlags(): FakeFlags {
  const kept = new Map<string, { percent: number; epoch: number }>();
  const changes: string[] = [];
  return {
    changes,
    percentOf: (environment, flag) => kept.get(`${environment}/${flag}`)?.percent ?? null,
    async change({ environment, flag, percent, epoch }) {
      const name = `${environment}/${flag}`;
      if ((kept.get(name)?.epoch ?? 0) > epoch) throw new OrchestraError('FLAGS_REFUSED', `${name} has a newer move`);
      kept.set(name, { percent, epoch });
      changes.push(`${name} ${percent}`);
    },
  };
}
