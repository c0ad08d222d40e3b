import { setTimeout as wait } from 'node:timers/promises';
import { OrchestraError } from '@orchestra/runtime';
import { connect, type ConnectOptions } from './connect.ts';
import type { ReleaseSpec, ReleaseView, TargetMetrics, TargetView } from './view.ts';

/** A move's right to write to a target: the world refuses an older epoch than it has seen. */
export interface Move {
  target: string;
  epoch: number;
}

/**
 * Releases as processes of this machine behind a router of our own. All effects look first, may be repeated, and carry an
 * epoch: `TARGET_REFUSED`, not retriable, answers an older one. All calls throw `TARGET_UNREACHABLE`, retriable.
 */
export interface LocalTarget {
  /** What is in the world now; null: nothing was ever deployed there. */
  read(target: string, signal?: AbortSignal): Promise<TargetView | null>;
  /** Writes the epoch of a move, so that everything older is refused from now on. `port`: where users reach it; 0: any. */
  claim(move: Move & { port: number }, signal?: AbortSignal): Promise<TargetView>;
  /**
   * Makes true that a release has so many processes. Does not wait for them.
   *
   * @throws OrchestraError `ARTIFACT_MISSING` without its folder; `TARGET_DENIED`, not retriable, for a first release where
   * somebody else has the port of the target
   */
  ensureRelease(move: Move & { spec: ReleaseSpec }, signal?: AbortSignal): Promise<TargetView>;
  /**
   * Waits until all processes of a release are ready.
   *
   * @throws OrchestraError `RELEASE_NOT_READY`, not retriable, when one of them keeps ending or the time is over
   */
  waitUntilReady(
    ready: { target: string; release: string; timeoutMs: number },
    signal?: AbortSignal,
  ): Promise<TargetView>;
  /** Shares of the traffic, by release; a release that is not named gets none. @throws OrchestraError `RELEASE_NOT_READY` */
  setWeights(move: Move & { weights: Readonly<Record<string, number>> }, signal?: AbortSignal): Promise<TargetView>;
  /** Ends the processes of a release once their requests are answered. @throws OrchestraError `RELEASE_NOT_READY` for the last that serves */
  stopRelease(move: Move & { release: string }, signal?: AbortSignal): Promise<TargetView>;
  /** Counters of all releases since the supervisor began; null: the target is not known. Starts no supervisor. */
  metrics(target: string, signal?: AbortSignal): Promise<TargetMetrics | null>;
  /**
   * Reads one page of each ready process of a release, such as the app's own metrics. Null: that process did not answer, not
   * in time, or with too much. Starts no supervisor.
   */
  pages(page: { target: string; release: string; path: string }, signal?: AbortSignal): Promise<(string | null)[]>;
  /**
   * What the processes of a release wrote last, all together, at most 64 KiB. Empty: nothing, or nothing that is still known.
   * Starts no supervisor.
   */
  output(of: { target: string; release: string }, signal?: AbortSignal): Promise<string>;
  /**
   * The whole lines that the processes of a release wrote since a place in their output, and the place behind them. Of more
   * than 256 KiB the oldest are left out. Starts no supervisor.
   *
   * @param of `from`: the place of the call before; null: no lines, only the place where the output ends now
   * @returns null: the output cannot be read now
   */
  lines(
    of: { target: string; release: string; from: number | null },
    signal?: AbortSignal,
  ): Promise<{ text: string; next: number } | null>;
  /** How releases run here. @throws OrchestraError `SANDBOX_UNAVAILABLE` when they cannot run as `mode` demands */
  sandbox(signal?: AbortSignal): Promise<'bubblewrap' | 'process'>;
  /** Brings the supervisor back when it has died: its releases are adopted, its router listens again. */
  tend(): Promise<void>;
  /** Ends the supervisor and everything that it runs. */
  shutdown(): Promise<void>;
}

const pollMs = 50;
/** A release that ended so often before it was ready does not become ready by waiting. */
const maxCrashes = 3;

type Connection = ReturnType<typeof connect>;

export function createLocalTarget(options: ConnectOptions): LocalTarget {
  const connection = connect(options);
  const { ask } = connection;

  return {
    async read(target, signal) {
      return orNull(ask<TargetView>({ kind: 'read', target }, signal));
    },
    claim: async ({ target, epoch, port }, signal) => ask({ kind: 'claim', target, epoch, port }, signal),
    ensureRelease: async ({ target, epoch, spec }, signal) => ask({ kind: 'ensure', target, epoch, spec }, signal),
    async waitUntilReady({ target, release, timeoutMs }, signal) {
      const until = performance.now() + timeoutMs;
      const before = await findRelease(target, release, signal);
      for (;;) {
        const { view, found } = await findRelease(target, release, signal);
        if (found.ready >= found.wanted) return view;
        if (found.crashes - before.found.crashes >= maxCrashes) throw notReady(found, 'keeps ending');
        if (performance.now() > until) throw notReady(found, `is not ready after ${timeoutMs} ms`);
        await wait(pollMs, null, signal === undefined ? {} : { signal });
      }
    },
    setWeights: async ({ target, epoch, weights }, signal) =>
      ask({ kind: 'weights', target, epoch, weights: { ...weights } }, signal),
    stopRelease: async ({ target, epoch, release }, signal) => ask({ kind: 'stop', target, epoch, release }, signal),
    ...readRunning(connection),
    sandbox: connection.sandbox,
    async tend() {
      await ask({ kind: 'ping' });
    },
    async shutdown() {
      if (!connection.isRunning()) return;
      await ask({ kind: 'shutdown' });
      while (connection.isRunning()) await wait(pollMs);
    },
  };

  async function findRelease(target: string, release: string, signal?: AbortSignal) {
    const view = await ask<TargetView>({ kind: 'read', target }, signal);
    const found = view.releases.find((one) => one.release === release);
    if (found === undefined) throw new OrchestraError('NOT_FOUND', `${release} is not known in ${target}`);
    return { view, found };
  }
}

// What looks at releases starts no supervisor.
function readRunning({ askRunning }: Connection): Pick<LocalTarget, 'metrics' | 'pages' | 'output' | 'lines'> {
  return {
    async metrics(target, signal) {
      return orNull(askRunning<TargetMetrics>({ kind: 'metrics', target }, signal));
    },
    async pages({ target, release, path }, signal) {
      const pages = askRunning<(string | null)[]>({ kind: 'pages', target, release, path }, signal);
      return (await orNull(pages)) ?? [];
    },
    async output({ target, release }, signal) {
      return (await orNull(askRunning<string>({ kind: 'output', target, release }, signal))) ?? '';
    },
    lines: async (of, signal) => orNull(askRunning<{ text: string; next: number }>({ kind: 'lines', ...of }, signal)),
  };
}

function notReady({ release, ready, wanted, lastEnd }: ReleaseView, why: string): OrchestraError {
  const last = lastEnd === null ? '' : `; its last process: ${lastEnd}`;
  return new OrchestraError('RELEASE_NOT_READY', `${release} ${why}: ${ready} of ${wanted} processes are ready${last}`);
}

async function orNull<T>(answer: Promise<T | null>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof OrchestraError && error.code === 'NOT_FOUND') return null;
    throw error;
  }
}
