import { existsSync, readFileSync, renameSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { ServiceName } from '@orchestra/contracts';
import type { ClaimedJob, Lease } from '../ports/jobs.ts';
import type { RunStore } from '../ports/run-store.ts';

/** The places in the life of a job at which a test can kill the process that works at it. */
export const failpoints = ['before_claim', 'after_claim', 'after_effect', 'after_finish', 'before_relay_ack'] as const;

export type Failpoint = (typeof failpoints)[number];

/** Without this file in the folder nothing is read there: a variable that was set by mistake does nothing. */
export const failpointMarker = 'processes-are-killed-here';

/**
 * Lets a test kill this process at one place, once: the variable `ORCHESTRA_FAILPOINTS` names a folder of the test, and a
 * file `<service>.<point>` in there arms a point. Its text is what the unit of the job has to begin with; empty: any job.
 * The file becomes `<service>.<point>.hit`, then the process sends itself SIGKILL, as the kernel would.
 *
 * Without the variable, or without the marker in its folder, the store comes back as it is.
 */
export function withFailpoints(store: RunStore, service: ServiceName, folder: string | undefined): RunStore {
  if (folder === undefined || !isAbsolute(folder) || !existsSync(join(folder, failpointMarker))) return store;
  return killableStore(store, createKiller(folder, service));
}

interface Killer {
  isArmed(point: Failpoint): boolean;
  /** Ends the process if the point is armed, for jobs of this unit. */
  reach(point: Failpoint, unit?: string | null): void;
}

function createKiller(folder: string, service: ServiceName): Killer {
  const fileOf = (point: Failpoint): string => join(folder, `${service}.${point}`);
  const isArmed = (point: Failpoint): boolean => existsSync(fileOf(point));
  return {
    isArmed,
    reach(point, unit) {
      if (!isArmed(point)) return;
      const file = fileOf(point);
      if (unit !== undefined && !(unit ?? '').startsWith(readFileSync(file, 'utf8'))) return;
      renameSync(file, `${file}.hit`);
      process.kill(process.pid, 'SIGKILL');
    },
  };
}

function killableStore(store: RunStore, { isArmed, reach }: Killer): RunStore {
  const units = new Map<string, string | null>();
  const unitOf = ({ jobId }: Lease): string | null => units.get(jobId) ?? null;

  function claimed<J extends ClaimedJob | null>(job: J): J {
    if (job === null) return job;
    units.set(job.jobId, job.unit);
    reach('after_claim', job.unit);
    return job;
  }

  async function ending<T>(lease: Lease, end: () => Promise<T>): Promise<T> {
    reach('after_effect', unitOf(lease));
    const ended = await end();
    reach('after_finish', unitOf(lease));
    units.delete(lease.jobId);
    return ended;
  }

  return {
    ...store,
    claim: async (claim) => {
      if (!isArmed('before_claim')) return claimed(await store.claim(claim));
      if ((await store.nextDueMs(claim.service, claim.except)) === 0) reach('before_claim');
      const job = await store.claim(claim);
      if (job === null) return null;
      // It came due between the two: given back it is as if nobody had claimed it.
      await store.release(job);
      reach('before_claim');
      return null;
    },
    acceptAndClaim: async (acceptance, claim) => {
      // What an input makes due is a gate, and which one is not known before.
      if (acceptance.job !== null) reach('before_claim', acceptance.job.unit);
      else if (acceptance.input !== null) reach('before_claim');
      const { taken, job } = await store.acceptAndClaim(acceptance, claim);
      return { taken, job: claimed(job) };
    },
    finish: (lease, finish) => ending(lease, () => store.finish(lease, finish)),
    finishAndHandOver: (lease, finish, relay) => ending(lease, () => store.finishAndHandOver(lease, finish, relay)),
    park: async (lease, park) => {
      reach('after_effect', unitOf(lease));
      return store.park(lease, park);
    },
    acknowledge: async (service, positions) => {
      reach('before_relay_ack');
      return store.acknowledge(service, positions);
    },
  };
}
