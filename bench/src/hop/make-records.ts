import { randomBytes, randomUUID } from 'node:crypto';
import { createLocalCodec, type Payloads } from '@orchestra/contracts';
import { writeEnvelope } from '@orchestra/runtime';
import { bodyBytes } from './place.ts';

/** A record to send, and the id under which its answer comes back. */
export interface HopRecord {
  id: string;
  key: string;
  value: Buffer;
  headers: Record<string, string>;
}

/** Records for kafkajs alone: a key and bytes. Our headers would only make the yardstick slower. */
export function makePlainRecords(count: number): HopRecord[] {
  return Array.from({ length: count }, () => {
    const id = randomUUID();
    return { id, key: id, value: randomBytes(bodyBytes), headers: {} };
  });
}

/** Pushes of prepared runs, as gitops publishes them. */
export async function makePushRecords(runIds: readonly string[]): Promise<HopRecord[]> {
  const codec = createLocalCodec();
  const empty = await codec.encode('code_push', pushOf(runIds[0] ?? '', ''));
  const message = 'x'.repeat(Math.max(0, bodyBytes - empty.length));
  return Promise.all(
    runIds.map(async (runId) => ({
      id: runId,
      key: `acme/${runId}#refs/heads/main`,
      value: await codec.encode('code_push', pushOf(runId, message)),
      headers: writeEnvelope('code_push', {
        id: randomUUID(),
        source: 'gitops',
        subject: 'gitops',
        time: new Date(),
        runId,
        causeId: runId,
        generation: 1,
        hops: 1,
        traceparent: null,
      }),
    })),
  );
}

function pushOf(runId: string, message: string): Payloads['code_push'] {
  return {
    outcome: 'SUCCESS',
    reason: null,
    repository: `acme/${runId}`,
    ref: 'refs/heads/main',
    commit: 'a'.repeat(40),
    baseCommit: 'b'.repeat(40),
    author: 'ada',
    message,
    trigger: 'PUSH',
    pullRequest: null,
    number: 1,
    changedFiles: null,
    snapshotDigest: `sha256:${'c'.repeat(64)}`,
    planDigest: `sha256:${'d'.repeat(64)}`,
    environmentLimit: null,
    before: null,
    delivery: null,
    content: null,
    pusher: null,
  };
}
