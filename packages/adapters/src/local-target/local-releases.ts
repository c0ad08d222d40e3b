import type { Readable } from 'node:stream';
import { OrchestraError } from '@orchestra/runtime';
import type { ConnectOptions } from './connect.ts';
import { createLocalTarget, type LocalTarget, type Move } from './local-target.ts';
import { ensureReleaseFolder } from './release-folder.ts';
import type { TargetView } from './view.ts';
import { withUnpacked } from './with-unpacked.ts';

/** A release with everything that starts it again, also when its files are gone from this machine. */
export interface StartableRelease {
  release: string;
  artifactDigest: string;
  command: readonly string[];
  env: Readonly<Record<string, string>>;
  port: number;
  replicas: number;
  healthPath: string;
  readyTimeoutMs: number;
  /** Opens the archive of the artifact, a tar.gz. */
  open(): Promise<Readable>;
}

/** What deploy and rollback do with releases on this machine. Effects are those of `LocalTarget`, with its errors. */
export interface LocalReleases extends Pick<LocalTarget, 'claim' | 'metrics' | 'output' | 'shutdown' | 'tend'> {
  /** What every run that releases here has to say: `release_unsandboxed`, or nothing. */
  notes(signal?: AbortSignal): Promise<readonly string[]>;
  /** @throws OrchestraError `SANDBOX_UNAVAILABLE`, not retriable, when releases cannot run here as `mode` demands, or do not */
  demandSandbox(signal?: AbortSignal): Promise<void>;
  /** What is in the world now; null: nothing was ever deployed there. */
  look(target: string, signal?: AbortSignal): Promise<TargetView | null>;
  /** Makes true that a release has so many ready processes. @throws OrchestraError `RELEASE_NOT_READY`, not retriable */
  bringUp(move: Move & { startable: StartableRelease }, signal?: AbortSignal): Promise<TargetView>;
  /** Shares of the traffic, by release. @throws OrchestraError `RELEASE_NOT_READY` */
  share(move: Move & { weights: Readonly<Record<string, number>> }, signal?: AbortSignal): Promise<TargetView>;
  /** Ends the processes of releases, once their requests are answered. */
  retire(move: Move & { releases: readonly string[] }, signal?: AbortSignal): Promise<void>;
  /**
   * Gives all traffic back to a release: first to those of its processes that are ready, then all of them are brought up,
   * then it is verified. What lost the traffic goes on running.
   *
   * @throws OrchestraError `RELEASE_NOT_READY` when it does not come up, or does not serve in the end
   */
  giveBack(move: Move & { to: StartableRelease }, signal?: AbortSignal): Promise<TargetView>;
}

/** Releases as processes behind the supervisor of a folder. */
export function createLocalReleases(options: ConnectOptions): LocalReleases {
  const local = createLocalTarget(options);
  const { claim, metrics, output, shutdown, tend } = local;
  return {
    claim,
    metrics,
    output,
    shutdown,
    tend,
    notes: async (signal) => ((await local.sandbox(signal)) === 'process' ? ['release_unsandboxed'] : []),
    async demandSandbox(signal) {
      const found = await local.sandbox(signal);
      if (options.mode === 'bubblewrap' && found === 'process') throw unwalled(options.folder);
    },
    look: local.read,
    bringUp,
    share: local.setWeights,
    async retire({ releases, ...move }, signal) {
      for (const release of releases) await local.stopRelease({ ...move, release }, signal);
    },
    async giveBack({ to, ...move }, signal) {
      const { release, port } = to;
      const view = await claim({ ...move, port }, signal);
      if (isReady(view, release)) await local.setWeights({ ...move, weights: { [release]: 100 } }, signal);
      await bringUp({ ...move, startable: to }, signal);
      return local.setWeights({ ...move, weights: { [release]: 100 } }, signal);
    },
  };

  async function bringUp(
    { startable, ...move }: Move & { startable: StartableRelease },
    signal?: AbortSignal,
  ): Promise<TargetView> {
    const { release, artifactDigest, port, command, env, replicas, healthPath, readyTimeoutMs, open } = startable;
    await claim({ ...move, port }, signal);
    const spec = { release, command, env, replicas, healthPath, readyTimeoutMs };
    await withUnpacked(
      async () => ensureReleaseFolder({ folder: options.folder, digest: artifactDigest, open }, signal),
      async (folder) => local.ensureRelease({ ...move, spec: { ...spec, folder } }, signal),
    );
    return local.waitUntilReady({ target: move.target, release, timeoutMs: readyTimeoutMs }, signal);
  }
}

function isReady({ releases }: TargetView, release: string): boolean {
  return releases.some((one) => one.release === release && one.ready > 0);
}

// It was started when that was allowed, and outlives the change of the setting.
function unwalled(folder: string): OrchestraError {
  return new OrchestraError(
    'SANDBOX_UNAVAILABLE',
    `The supervisor in ${folder} runs releases without a sandbox: end it (orchestra down), or allow that (LOCAL_TARGET_SANDBOX=process)`,
  );
}
