import type { Lease, RunStore } from '@orchestra/runtime';
import { decodeClaimed } from './decode-job.ts';
import { decodeCount, decodeWord } from './decode-reply.ts';
import { decodeWishes } from './decode-wishes.ts';
import { encodeFinish, encodeHistory, encodeSlice, encodeTarget } from './encode-arguments.ts';
import type { ScriptCaller } from './script-caller.ts';

const refusals = ['fenced', 'target_moved', 'quarantined'] as const;

export type JobSteps = Pick<
  RunStore,
  'enqueue' | 'claim' | 'renew' | 'finish' | 'retryLater' | 'park' | 'release' | 'reap' | 'changeTarget' | 'note'
>;

/** The steps of a job's life, one script each. */
export function createJobSteps({ call }: ScriptCaller): JobSteps {
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
      const values = finish.outbox.map(({ value }) => value);
      const reply = await call('finish', { ...encodeFinish(finish), lease: fence(lease) }, values);
      return decodeWord(reply, ['finished', ...refusals]);
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

// Callers give the whole job that they claimed, with its payload and its run; a step needs the fence.
function fence({ jobId, service, token }: Lease): Lease {
  return { jobId, service, token };
}
