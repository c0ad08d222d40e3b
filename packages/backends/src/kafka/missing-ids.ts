const mostRemembered = 1_000;

/** Remembers for a while which schema ids the registry does not know, so that a flood of poison does not ask it each time. */
export interface MissingIds {
  has(id: number): boolean;
  add(id: number): void;
}

/** Creates the memory. It forgets an id after `forMs`, and the oldest ones beyond a thousand. */
export function createMissingIds(forMs: number, now: () => number = () => performance.now()): MissingIds {
  const forgottenAt = new Map<number, number>();

  return {
    has: (id) => (forgottenAt.get(id) ?? 0) > now(),
    add: (id) => {
      forgottenAt.delete(id);
      forgottenAt.set(id, now() + forMs);
      const [oldest] = forgottenAt.keys();
      if (forgottenAt.size > mostRemembered && oldest !== undefined) forgottenAt.delete(oldest);
    },
  };
}
