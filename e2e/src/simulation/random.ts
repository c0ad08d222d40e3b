import { createHash } from 'node:crypto';

/** Chance from a seed: the same names give the same numbers. */
export interface Random {
  /** A ratio, 0 (included) to 1 (excluded). */
  next(): number;
  /** A whole number, both ends included. */
  whole(from: number, to: number): number;
  /** True with this probability, 0 to 1. */
  chance(probability: number): boolean;
  pick<const T>(list: readonly [T, ...T[]]): T;
  /** One of a list that may be empty; null: it is. */
  find<T>(list: readonly T[]): T | null;
  /** A stream of its own: what is drawn there moves nothing here. */
  fork(name: string): Random;
}

/** Creates chance from a text. The generator is sfc32, which passes PractRand. */
export function createRandom(seed: string): Random {
  const hash = createHash('sha256').update(seed).digest();
  let [a, b, c, d] = [hash.readInt32LE(0), hash.readInt32LE(4), hash.readInt32LE(8), hash.readInt32LE(12)];

  function next(): number {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  }

  const find = <T>(list: readonly T[]): T | null => list[Math.floor(next() * list.length)] ?? null;
  return {
    next,
    whole: (from, to) => from + Math.floor(next() * (to - from + 1)),
    chance: (probability) => next() < probability,
    pick: (list) => find(list) ?? list[0],
    find,
    fork: (name) => createRandom(`${seed}/${name}`),
  };
}
