import type { BenchOptions } from './benchmark.ts';

/** One side of a comparison. */
export interface Contestant<R> {
  name: string;
  measure(): Promise<R>;
}

export interface Turns<R> {
  contestants: readonly Contestant<R>[];
  options: BenchOptions;
  /** One line about what a turn measured. */
  describe(measured: R): string;
}

/**
 * Measures the sides in turn, A B A B, so that a slow minute of the machine is shared by all of them.
 *
 * @returns one list a contestant, in their order: the same index in two lists is the same pair
 */
export async function measureInTurn<R>({ contestants, options, describe }: Turns<R>): Promise<R[][]> {
  const measured = contestants.map((): R[] => []);
  for (let pair = 1; pair <= options.pairs; pair += 1) {
    for (const [index, { name, measure }] of contestants.entries()) {
      const result = await measure();
      measured[index]?.push(result);
      options.say(`${pair}/${options.pairs} ${name}: ${describe(result)}`);
    }
  }
  return measured;
}
