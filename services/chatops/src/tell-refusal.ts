import type { Ended } from '@orchestra/runtime';
import { z } from 'zod';

const refusedSchema = z.strictObject({
  action: z.string(),
  unit: z.string().nullable(),
  actor: z.string(),
  reason: z.string(),
});

/** An order that was not passed on. */
export type Refused = z.output<typeof refusedSchema>;

/** The job of a refusal: nobody else hears of it, but it stands in the run's history. */
export function tellRefusal(payload: unknown): Ended<'chatops'> {
  const { action, reason, ...facts } = refusedSchema.parse(payload);
  const what = `${action.toLowerCase()} refused`;
  return { kind: 'end', status: null, events: [], decided: [{ what, reason, facts }] };
}
