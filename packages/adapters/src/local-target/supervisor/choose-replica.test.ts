import { describe, expect, it } from '@jest/globals';
import { chooseReplica } from './choose-replica.ts';

const stable = { release: 'r1', weight: 90, replicas: [{ inFlight: 3 }, { inFlight: 1 }] };
const canary = { release: 'r2', weight: 10, replicas: [{ inFlight: 0 }] };

describe('chooseReplica', () => {
  it.each([
    { chance: 0, release: 'r1' },
    { chance: 0.899, release: 'r1' },
    { chance: 0.901, release: 'r2' },
    { chance: 0.999_999, release: 'r2' },
  ])('gives shares by weight: $chance goes to $release', ({ chance, release }) => {
    expect(chooseReplica([stable, canary], chance)?.candidate.release).toBe(release);
  });

  it('asks the process with the least to do', () => {
    expect(chooseReplica([stable], 0.5)?.replica).toEqual({ inFlight: 1 });
  });

  it('leaves out a release with nobody ready, whatever its weight', () => {
    expect(chooseReplica([{ ...stable, replicas: [] }, canary], 0)?.candidate.release).toBe('r2');
  });

  it('never gives traffic to a release without weight', () => {
    expect(chooseReplica([{ ...canary, weight: 0 }], 0)).toBeNull();
  });
});
