import type { Ports } from './ports.ts';

/** What a release wrote last, read once. */
export interface LastWords {
  /** @throws OrchestraError `TARGET_UNREACHABLE`; the next call asks again */
  read(signal?: AbortSignal): Promise<string>;
}

/** Pods take their output with them: what is read before they are removed is what can be told afterwards. */
export function createLastWords({ releases }: Ports, of: { target: string; release: string }): LastWords {
  let known: string | null = null;
  return {
    async read(signal) {
      known ??= await releases.output(of, signal);
      return known;
    },
  };
}
