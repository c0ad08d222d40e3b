import type { Ended } from '@orchestra/runtime';
import { z } from 'zod';

const name = z.string().nullable().catch(null).default(null);
const shape = z.object({ delivery: name, content: name });

/** The names under which a push is known again: that of its delivery, and that of what was pushed. Null: not told. */
type PushNames = z.output<typeof shape>;

/** The payload of the first job of a run. One that an older version wrote has no names. */
function parsePushNames(payload: unknown): PushNames {
  const parsed = shape.safeParse(payload);
  return parsed.success ? parsed.data : { delivery: null, content: null };
}

/** The end of the first job, whose event tells the names too: so that a store that is rebuilt knows the push again. */
export function withPushNames(payload: unknown, ended: Ended<'gitops'>): Ended<'gitops'> {
  const names = parsePushNames(payload);
  const events = ended.events.map((event) =>
    event.topic === 'code_push' ? { ...event, data: { ...event.data, ...names } } : event,
  );
  return { ...ended, events };
}
