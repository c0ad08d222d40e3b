import type { Delivery } from '@orchestra/adapters/forge';

const asked = ['push', 'pull_request'];
// One that fails so often will fail again: a wrong secret, say.
const attemptsAtMost = 4;

/** The attempts to repeat, oldest first: the newest one of each event that no attempt has delivered. */
export function chooseDeliveries(deliveries: readonly Delivery[]): number[] {
  const byGuid = Map.groupBy(
    deliveries.filter(({ event }) => asked.includes(event)),
    ({ guid }) => guid,
  );
  const failed = [...byGuid.values()].filter((attempts) => attempts.length < attemptsAtMost && !attempts.some(isTaken));
  return failed.map((attempts) => Math.max(...attempts.map(({ id }) => id))).toSorted((a, b) => a - b);
}

function isTaken({ statusCode }: Delivery): boolean {
  return statusCode >= 200 && statusCode < 300;
}
