import { setTimeout as delay } from 'node:timers/promises';

/** What users of an address saw. */
export interface SeenTraffic {
  answered: number;
  /** Statuses other than 200, and errors of the connection. */
  failed: string[];
  /** The first characters of the answers. */
  bodies: Set<string>;
  /** How often each of them was answered with 200. */
  counts: Map<string, number>;
}

export interface Traffic {
  seen: SeenTraffic;
  /** Ends when all requests in flight are answered. */
  stop(): Promise<void>;
}

// A user who got no answer by then has met an error, and `stop` waits no longer than that.
const patienceMs = 10_000;

interface TrafficOptions {
  request?: RequestInit;
  users?: number;
  /** How long each user rests between an answer and the next request; without a rest they take all the processor there is. */
  restMs?: number;
}

/** Sends requests over several connections, one after the other on each, until it is told to stop. */
export function startTraffic(url: string, options: TrafficOptions = {}): Traffic {
  const seen: SeenTraffic = { answered: 0, failed: [], bodies: new Set(), counts: new Map() };
  const stopping = new AbortController();
  const users = Array.from({ length: options.users ?? 4 }, async () => {
    while (!stopping.signal.aborted) {
      await visit(url, options.request ?? {}, seen);
      if (options.restMs !== undefined) await delay(options.restMs);
    }
  });
  return {
    seen,
    async stop() {
      stopping.abort();
      await Promise.all(users);
    },
  };
}

async function visit(url: string, request: RequestInit, seen: SeenTraffic): Promise<void> {
  try {
    const response = await fetch(url, { ...request, signal: AbortSignal.timeout(patienceMs) });
    const body = (await response.text()).trim().slice(0, 10);
    seen.bodies.add(body);
    if (response.status === 200) {
      seen.answered += 1;
      seen.counts.set(body, (seen.counts.get(body) ?? 0) + 1);
    } else seen.failed.push(String(response.status));
  } catch (error) {
    seen.failed.push(String(error instanceof Error ? (error.cause ?? error) : error));
    // A refused connection comes back at once; without a rest this would turn in place.
    await delay(10);
  }
}
