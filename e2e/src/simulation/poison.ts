import { topicNames } from '@orchestra/contracts';
import { writeEnvelope, type OutgoingRecord } from '@orchestra/runtime';
import { hex } from './actor-clock.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** Somebody writes to a topic what nobody can accept: without headers, without Avro, or about a run that is not there. */
export async function poison({ bus, codec, clock }: World, random: Random): Promise<void> {
  const id = `poison-${hex(random, 12)}`;
  const key = hex(random, 8);
  const headers = writeEnvelope('build_ready', {
    id,
    source: 'build',
    subject: 'build',
    time: clock.now(),
    runId: `no-run-${key}`,
    causeId: null,
    generation: 1,
    hops: 1,
    traceparent: null,
  });
  const data = { outcome: 'SUCCESS', reason: null, artifacts: [], durationMs: 1 } as const;
  const stranger = { topic: 'build_ready', key, value: await codec.encode('build_ready', data), headers };
  const kinds: readonly [OutgoingRecord, ...OutgoingRecord[]] = [
    stranger,
    { ...stranger, value: Buffer.from(id) },
    { topic: random.find(topicNames) ?? 'code_push', key, value: Buffer.from(id), headers: {} },
  ];
  await bus.publish([random.pick(kinds)]);
}
