import type { ServiceName } from '@orchestra/contracts';
import type { ClaimedJob, GateVerdict, JobRecord } from '@orchestra/runtime';
import {
  decodeCount,
  decodeFields,
  decodeInstant,
  decodeJson,
  decodeList,
  decodeText,
  decodeTextOrNull,
  decodeWord,
} from './decode-reply.ts';
import { decodeRun } from './decode-run.ts';
import { decodeWishes } from './decode-wishes.ts';

type Fields = ReadonlyMap<string, string>;

/** A claim's reply: job id, token, fields, wishes, fields of the run; null: nothing is due. */
export function decodeClaimed(reply: unknown): ClaimedJob | null {
  if (reply === null) return null;
  const [id, token, hash, wishes, runHash] = decodeList(reply);
  const fields = decodeFields(hash);
  const run = decodeRun(runHash);
  return {
    ...decodeOrigin(fields),
    jobId: decodeText(id),
    token: decodeCount(token),
    causes: decodeJson(fields.get('causes')) as string[],
    hops: decodeCount(fields.get('hops')),
    attempt: decodeCount(fields.get('attempt')),
    maxAttempts: decodeCount(fields.get('maxAttempts')),
    maxMs: decodeCount(fields.get('maxMs')),
    stalls: decodeCount(fields.get('stalls')),
    parks: decodeCount(fields.get('parks')),
    bound: fields.get('bound') === '1',
    traceparent: decodeTextOrNull(fields.get('traceparent')),
    gate: fields.has('verdict') ? (decodeJson(fields.get('verdict')) as GateVerdict) : null,
    wishes: decodeWishes(wishes),
    memo: decodeTextOrNull(fields.get('memo')),
    createdAt: decodeInstant(fields.get('createdAt')) ?? '',
    ...(run === null ? {} : { run }),
  };
}

/** The jobs of a reply of `readJobs`, in its order: that in which they were made. */
export function decodeJobs(reply: unknown): JobRecord[] {
  return decodeList(reply).map((entry) => {
    const [id, hash, dueAt, leaseEndsAt] = decodeList(entry);
    return decodeRecord(decodeFields(hash), { id, dueAt, leaseEndsAt });
  });
}

function decodeRecord(fields: Fields, found: { id: unknown; dueAt: unknown; leaseEndsAt: unknown }): JobRecord {
  return {
    ...decodeOrigin(fields),
    jobId: decodeText(found.id),
    status: decodeWord(fields.get('status'), ['queued', 'running', 'parked', 'done']),
    attempt: decodeCount(fields.get('attempt')),
    stalls: decodeCount(fields.get('stalls')),
    parkReason: fields.get('status') === 'parked' ? decodeTextOrNull(fields.get('parkReason')) : null,
    dueAt: decodeInstant(found.dueAt),
    owner: decodeTextOrNull(fields.get('owner')),
    leaseEndsAt: decodeInstant(found.leaseEndsAt),
    error: decodeTextOrNull(fields.get('error')),
  };
}

type Origin = Pick<JobRecord, 'runId' | 'service' | 'generation' | 'unit' | 'handler' | 'payload' | 'cause'>;

function decodeOrigin(fields: Fields): Origin {
  return {
    service: decodeText(fields.get('service')) as ServiceName,
    runId: decodeTextOrNull(fields.get('runId')),
    generation: decodeCount(fields.get('generation')),
    unit: decodeTextOrNull(fields.get('unit')),
    handler: decodeText(fields.get('handler')),
    payload: decodeText(fields.get('payload')),
    cause: decodeText(fields.get('cause')),
  };
}
