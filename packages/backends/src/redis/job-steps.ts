import type { Finish, Finished, HandedOver, Lease, RelayClaim, RunStore } from '@orchestra/runtime';
import { decodeClaimed } from './decode-job.ts';
import { decodeCount, decodeList, decodeText, decodeWord } from './decode-reply.ts';
import { decodeWishes } from './decode-wishes.ts';
import { encodeFinish, encodeHistory, encodeSlice, encodeTarget } from './encode-arguments.ts';
import type { ScriptCaller } from './script-caller.ts';

const refusals = ['fenced', 'target_moved', 'quarantined'] as const;

export type JobSteps = Pick<
  RunStore,
  | 'enqueue'
  | 'claim'
  | 'renew'
  | 'finish'
  | 'finishAndHandOver'
  | 'retryLater'
  | 'park'
  | 'release'
  | 'reap'
  | 'changeTarget'
  | 'note'
>;

/** The steps of a job's life, one script each. */
export function createJobSteps(caller: ScriptCaller): JobSteps {
  const { call } = caller;
  return {
    async enqueue(job) {
      return decodeWord(await call('enqueue', { job }), ['created', 'dup']);
    },
    async claim(claim) {
      return decodeClaimed(await call('claim', { ...claim }));
    },
    async renew(lease, leaseMs) {
      const wishes = await call('renew', { lease: fence(lease), leaseMs });
      return wishes === null ? { kind: 'lost' } : { kind: 'held', wishes: decodeWishes(wishes) };
    },
    async finish(lease, finish) {
      return (await callFinish(caller, finish, { lease: fence(lease) })).finished;
    },
    async finishAndHandOver(lease, finish, relay) {
      return callFinish(caller, finish, { lease: fence(lease), relay });
    },
    async retryLater(lease, delayMs, error) {
      return decodeWord(await call('retryLater', { lease: fence(lease), delayMs, error }), ['queued', 'fenced']);
    },
    async park(lease, park) {
      const args = { ...park, lease: fence(lease), slice: encodeSlice(park.slice), target: encodeTarget(park.target) };
      return decodeWord(await call('park', args), ['parked', 'wished', 'answered', ...refusals]);
    },
    async release(lease) {
      return decodeWord(await call('release', { lease: fence(lease) }), ['released', 'fenced']);
    },
    async reap(service, limit) {
      return decodeCount(await call('reap', { service, limit }));
    },
    async changeTarget(lease, change) {
      return decodeWord(await call('changeTarget', { lease: fence(lease), target: encodeTarget(change) }), [
        'finished',
        ...refusals,
      ]);
    },
    async note(lease, slice, history) {
      const args = { lease: fence(lease), slice: encodeSlice(slice), history: encodeHistory(history) };
      return decodeWord(await call('note', args), ['noted', 'fenced']);
    },
  };
}

async function callFinish(
  { call }: ScriptCaller,
  finish: Finish,
  more: { lease: Lease; relay?: RelayClaim },
): Promise<{ finished: Finished; handed: HandedOver | null }> {
  const values = finish.outbox.map(({ value }) => value);
  const [word, after, positions] = decodeList(await call('finish', { ...encodeFinish(finish), ...more }, values));
  const finished = decodeWord(word, ['finished', ...refusals]);
  if (after === undefined || after === null) return { finished, handed: null };
  return { finished, handed: { after: decodeText(after), positions: decodeList(positions).map(decodeText) } };
}

// Callers give the whole job that they claimed, with its payload and its run; a step needs the fence.
function fence({ jobId, service, token }: Lease): Lease {
  return { jobId, service, token };
}
