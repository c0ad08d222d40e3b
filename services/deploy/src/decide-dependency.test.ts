import { describe, expect, it } from '@jest/globals';
import { decideDependency, type DependencyFacts } from './decide-dependency.ts';

const waiting: DependencyFacts = { hasEnded: false, isGood: false, serves: 'no', isLeaving: false };

describe('what a member of a group depends on', () => {
  it.each<{ what: string; facts: Partial<DependencyFacts>; kind: string }>([
    { what: 'is on its way', facts: {}, kind: 'waits' },
    { what: 'serves, and is watched', facts: { serves: 'good' }, kind: 'ready' },
    { what: 'serves after its watch', facts: { serves: 'good', hasEnded: true, isGood: true }, kind: 'ready' },
    { what: 'was replaced by a newer one', facts: { hasEnded: true, isGood: true }, kind: 'ready' },
    { what: 'serves, and is known as bad', facts: { serves: 'bad' }, kind: 'failed' },
    { what: 'serves, and is taken back', facts: { serves: 'good', isLeaving: true }, kind: 'waits' },
    { what: 'was taken back', facts: { hasEnded: true }, kind: 'failed' },
    { what: 'ended well and is taken back', facts: { hasEnded: true, isGood: true, isLeaving: true }, kind: 'failed' },
  ])('$what: $kind', ({ facts, kind }) => {
    expect(decideDependency({ ...waiting, ...facts })).toEqual({ kind });
  });
});
