/** One release between which the traffic is shared: its share in percent, and the pods that it has when it serves alone. */
export interface Sharing {
  release: string;
  weight: number;
  size: number;
}

/**
 * How many pods each of two releases gets so that their ratio comes nearest to the shares: a Service without a mesh gives
 * each pod the same. Never fewer pods in all than the larger of them has alone, and none without one.
 *
 * @returns the counts in the order given; where several are equally near, those with more pods
 */
export function shareReplicas(left: Sharing, right: Sharing): [number, number] {
  const asked = left.weight / (left.weight + right.weight);
  const least = Math.max(left.size, right.size);
  let best: [number, number] = [left.size, right.size];
  let bestGap = gap(best, asked);
  for (const pair of pairs(left.size, right.size)) {
    const own = gap(pair, asked);
    const enough = pair[0] + pair[1] >= least;
    if (enough && own < bestGap - 1e-9) [best, bestGap] = [pair, own];
  }
  return best;
}

function gap([left, right]: readonly [number, number], asked: number): number {
  return Math.abs(left / (left + right) - asked);
}

// More pods first.
function pairs(left: number, right: number): [number, number][] {
  const all = Array.from({ length: left }, (_, less) =>
    Array.from({ length: right }, (_unused, fewer): [number, number] => [left - less, right - fewer]),
  ).flat();
  return all.toSorted((one, other) => other[0] + other[1] - (one[0] + one[1]));
}
