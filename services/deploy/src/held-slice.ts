import type { HeldSlice } from '@orchestra/contracts';

interface NewHold {
  generation: number;
  reason: HeldSlice['reason'];
  until: Date | null;
  now: Date;
}

/** What people see of a wait that begins or goes on; the time of earlier ones of the same generation is added up. */
export function beginHeld(before: HeldSlice | undefined, { generation, reason, until, now }: NewHold): HeldSlice {
  const shown = { generation, reason, until: until?.toISOString() ?? null, openedAt: null };
  const begun = { ...shown, since: now.toISOString() };
  if (before?.generation !== generation) return { ...begun, earlierMs: 0 };
  const { since, openedAt, earlierMs } = before;
  if (openedAt === null) return { ...shown, since, earlierMs };
  return { ...begun, earlierMs: earlierMs + Date.parse(openedAt) - Date.parse(since) };
}

/** The same once the rollout goes on. */
export function endHeld(held: HeldSlice, now: Date): HeldSlice {
  return held.openedAt === null ? { ...held, openedAt: now.toISOString() } : held;
}
