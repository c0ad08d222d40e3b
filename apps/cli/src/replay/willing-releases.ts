import type { UnaskedWorld } from './unasked-world.ts';

interface Serving {
  epoch: number;
  url: string;
  releases: { release: string; ready: number; wanted: number; weight: number }[];
}

// More than a target has ever had in a history that is kept.
const known = 200;

/**
 * A place for releases in which every effect works and every release is ready. What an effect met in truth is not told by
 * events, so a different answer behind one is not judged; the same answer is.
 */
export function createWillingReleases({ touch }: UnaskedWorld) {
  const releases = Array.from({ length: known }, (_, index) => `r${index + 1}`);
  const serving: Serving = {
    epoch: 0,
    url: 'http://replay.invalid',
    releases: releases.map((release) => ({ release, ready: 1, wanted: 1, weight: 0 })),
  };
  const did = (name: string) => async (): Promise<Serving> => {
    touch(`releases.${name}`);
    return serving;
  };
  return {
    notes: async (): Promise<readonly string[]> => [],
    demandSandbox: async () => {},
    look: did('look'),
    claim: did('claim'),
    bringUp: did('bringUp'),
    share: did('share'),
    giveBack: did('giveBack'),
    retire: async () => touch('releases.retire'),
    tend: async () => {},
    output: async () => '',
  };
}
