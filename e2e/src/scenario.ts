import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const units = z.record(z.string(), z.string());

/** What a run has to look like. `status` is the overall one. */
const look = z.strictObject({
  run: z.string(),
  status: z.string().optional(),
  units: units.optional(),
});

const step = z.union([
  /** Commits an overlay of the repository (or nothing new) and sends the signed push event. */
  z.strictObject({
    push: z.strictObject({
      as: z.string(),
      /** A folder under commits/; absent: the repository as it is. */
      commit: z.string().optional(),
      /** Sends the event of this earlier push again, as a forced push back to its commit. */
      again: z.string().optional(),
    }),
  }),
  z.strictObject({ wait: look }),
  z.strictObject({ order: z.strictObject({ run: z.string(), action: z.enum(['cancel', 'retry']), unit: z.string().optional() }) }),
  /** Requests a second at the released service, from now on. */
  z.strictObject({ traffic: z.strictObject({ port: z.number().int(), perSecond: z.number().int() }) }),
  /** What users met since the traffic began. */
  z.strictObject({ users: z.strictObject({ answers: z.string(), atMostErrorsPercent: z.number().optional() }) }),
  /** How often a unit's work was begun, from the run's events. */
  z.strictObject({ events: z.strictObject({ run: z.string(), topic: z.string(), count: z.number().int() }) }),
  /** A word that the explanation of a run has to hold. */
  z.strictObject({ why: z.strictObject({ run: z.string(), says: z.string() }) }),
]);

const scenario = z.strictObject({
  story: z.string(),
  steps: z.array(step).min(1),
});

export type Step = z.output<typeof step>;

export interface Scenario {
  name: string;
  folder: string;
  story: string;
  steps: readonly Step[];
}

/** Reads `<folder>/scenario.yaml`. Throws with the place of the mistake: a scenario is code of ours. */
export function readScenario(root: string, name: string): Scenario {
  const folder = join(root, name);
  const parsed = scenario.safeParse(parse(readFileSync(join(folder, 'scenario.yaml'), 'utf8')));
  if (!parsed.success) throw new Error(`${name}/scenario.yaml: ${z.prettifyError(parsed.error)}`);
  return { name, folder, ...parsed.data };
}
