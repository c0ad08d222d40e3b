import { parseWatch } from '../parse-watch.ts';
import type { Watch } from '../judge/judge-watch.ts';

/** What the task that keeps samples knows from one look to the next. */
export interface Keeping {
  /** The first of two looks; null: the next one is the first. */
  watch: Watch | null;
  /** Minutes in a row that somebody else has kept. */
  taken: number;
}

/** Only this service writes it. */
export function parseKeeping(memo: unknown): Keeping {
  const taken = typeof memo === 'object' && memo !== null && 'taken' in memo ? Number(memo.taken) : 0;
  return { watch: parseWatch(memo) ?? null, taken };
}
