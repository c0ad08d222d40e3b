import type { ServiceName } from '@orchestra/contracts';
import type { JobContext } from '@orchestra/runtime';
import { z } from 'zod';

const check = z.object({
  metric: z.string(),
  value: z.number().nullable(),
  threshold: z.number(),
  baseline: z.number().nullable(),
  verdict: z.enum(['UNRECOGNIZED', 'PASS', 'BREACH', 'NO_DATA']),
});

const answerSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('health'),
    eventId: z.string(),
    verdict: z.enum(['HEALTHY', 'INCONCLUSIVE']),
    reason: z.string().nullable(),
    checks: z.array(check),
  }),
  z.object({
    kind: z.literal('rollback'),
    eventId: z.string(),
    outcome: z.enum(['restored', 'refused', 'unknown']),
    reason: z.string(),
    checks: z.array(check),
  }),
  z.object({ kind: z.literal('person'), eventId: z.string(), says: z.enum(['go_on', 'abort']), actor: z.string() }),
]);

/** What a waiting job of a rollout is told. */
export type Answer = z.output<typeof answerSchema>;

/** The names under which answers wait for jobs. A step's verdict dies with its epoch, the watch belongs to the release. */
export const answerKeys = {
  judge: (unit: string, epoch: number) => `judge/${unit}/${epoch}`,
  held: (unit: string, epoch: number) => `held/${unit}/${epoch}`,
  failing: (unit: string, release: string) => `failing/${unit}/${release}`,
  watch: (unit: string, release: string) => `watch/${unit}/${release}`,
} as const;

/** The answer that has come under a key, or null. The first one stands. */
export async function findAnswer<S extends ServiceName>(
  { store, run }: Pick<JobContext<S>, 'store' | 'run'>,
  key: string,
): Promise<Answer | null> {
  const text = await store.readAnswer(run.runId, key);
  return text === null ? null : answerSchema.parse(JSON.parse(text));
}
