/** Users of an app that asks for each request whether something new is on for this user. */
export interface FlagUsers {
  /** For how many of a hundred users it was on, each time that this changed, as they met it. */
  counts: number[];
  /** Requests that failed, by what was asked for. */
  failed: { old: number; new: number };
  /** What answered requests for what is new. */
  newBodies: Set<string>;
  stop(): Promise<void>;
}

const all = Array.from({ length: 100 }, (_, index) => `user-${index}`);
const patienceMs = 10_000;

interface App {
  url: string;
  /** Reads where the flag stands now; what comes back says for whom it is on. */
  read(): Promise<(user: string) => boolean>;
}

/** Lets a hundred users ask one after the other, two at a time, until it is told to stop. */
export function startFlagUsers({ url, read }: App): FlagUsers {
  const seen = { counts: [0], failed: { old: 0, new: 0 }, newBodies: new Set<string>() };
  const stopping = new AbortController();
  const visits = [visitAll(0), visitAll(1)];
  return {
    ...seen,
    async stop() {
      stopping.abort();
      await Promise.all(visits);
    },
  };

  async function visitAll(first: number): Promise<void> {
    for (let index = first; !stopping.signal.aborted; index += 2) await visit(all[index % all.length] ?? '');
  }

  async function visit(user: string): Promise<void> {
    const isOn = await read();
    const count = all.filter(isOn).length;
    if (count !== seen.counts.at(-1)) seen.counts.push(count);
    const wanted = isOn(user) ? 'new' : 'old';
    const path = wanted === 'new' ? '/new' : '/';
    const response = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(patienceMs) }).catch(() => null);
    const body = await response?.text();
    if (response?.status !== 200) seen.failed[wanted] += 1;
    else if (wanted === 'new' && body !== undefined) seen.newBodies.add(body);
  }
}
