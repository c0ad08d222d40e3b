/** What a choice needs to know of one release. */
export interface Candidate<R> {
  weight: number;
  replicas: readonly R[];
}

/**
 * Chooses who answers a request: a release by weight, among those that have somebody ready, and of its processes the one
 * with the least to do. A release without weight is never chosen.
 *
 * @param chance ratio 0 (included) to 1 (excluded), drawn by the caller
 */
export function chooseReplica<C extends Candidate<{ inFlight: number }>>(
  candidates: readonly C[],
  chance: number,
): { candidate: C; replica: C['replicas'][number] } | null {
  const able = candidates.filter(({ weight, replicas }) => weight > 0 && replicas.length > 0);
  let total = 0;
  for (const { weight } of able) total += weight;
  let left = chance * total;
  for (const candidate of able) {
    left -= candidate.weight;
    if (left < 0) return leastBusy(candidate);
  }
  const last = able.at(-1);
  return last === undefined ? null : leastBusy(last);
}

function leastBusy<C extends Candidate<{ inFlight: number }>>(candidate: C) {
  const [first, ...rest] = candidate.replicas;
  let replica = first;
  for (const other of rest) {
    if (replica !== undefined && other.inFlight < replica.inFlight) replica = other;
  }
  return replica === undefined ? null : { candidate, replica };
}
