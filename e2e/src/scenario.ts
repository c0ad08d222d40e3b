import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** What a run has to look like before the story goes on. `status` is the overall one. */
const look = z.strictObject({
  run: z.string(),
  status: z.string().optional(),
  generation: z.number().int().optional(),
  units: z.record(z.string(), z.string()).optional(),
});

const push = z.strictObject({
  as: z.string(),
  /** A folder whose files this push changes, as `commitFolder` finds it; absent: the repository as it is. */
  commit: z.string().optional(),
  /** Sends the branch back to the commit of this earlier push, as a forced push does. */
  again: z.string().optional(),
});

const order = z.strictObject({
  run: z.string(),
  action: z.enum(['cancel', 'retry', 'approve', 'reject']),
  unit: z.string().optional(),
  /** Whose token; absent: the one of the data folder. */
  by: z.enum(['ada', 'grace', 'linus']).optional(),
  /** The run whose question is answered; absent: that of `run`. */
  contentOf: z.string().optional(),
});

const environment = z.enum(['staging', 'production']).default('production');

const step = z.union([
  z.strictObject({ push }),
  /** A person asks for a run of a new commit, no further than to an environment; the forge tells of nothing. */
  z.strictObject({ trigger: z.strictObject({ as: z.string(), environment: z.string() }) }),
  z.strictObject({ wait: look }),
  z.strictObject({ order }),
  /** A person brings what a run has built to an environment. */
  z.strictObject({ promote: z.strictObject({ run: z.string(), environment: z.string() }) }),
  /** A person takes back what serves. */
  z.strictObject({ rollBack: z.strictObject({ environment: z.string(), service: z.string() }) }),
  /** A person holds up the releases of the story's repository to an environment, and lets them go. */
  z.strictObject({ freeze: z.strictObject({ environment: z.string(), note: z.string() }) }),
  z.strictObject({ unfreeze: z.strictObject({ environment: z.string() }) }),
  /** A person lets the version of a push out of quarantine. */
  z.strictObject({ letOut: z.strictObject({ commitOf: z.string() }) }),
  /** SIGKILL for one process of a service: the one that holds a job of the run, or the first. */
  z.strictObject({ kill: z.strictObject({ service: z.string(), holding: z.string().optional() }) }),
  /** SIGKILL for the whole platform, and a new process on its data. */
  z.strictObject({ restart: z.literal('after_kill') }),
  /** Requests a second at the released service of an environment, from now on; `stop` ends all. */
  z.strictObject({
    traffic: z.union([z.literal('stop'), z.strictObject({ perSecond: z.number().int(), environment })]),
  }),
  /** From here on it counts what users meet. */
  z.strictObject({ mark: z.literal('users') }),
  /** What users have met since the mark. */
  z.strictObject({ users: z.strictObject({ answers: z.string(), atMostErrorsPercent: z.number(), environment }) }),
  /** Which unit of a run began only once another one had ended. */
  z.strictObject({ began: z.strictObject({ run: z.string(), unit: z.string(), after: z.string() }) }),
  /** How many events of a topic a run has. */
  z.strictObject({ events: z.strictObject({ run: z.string(), topic: z.string(), count: z.number().int() }) }),
  /** A value in the slices of a run. */
  z.strictObject({
    slice: z.strictObject({ run: z.string(), path: z.string(), is: z.union([z.string(), z.number()]) }),
  }),
  /** The same, once it is so. */
  z.strictObject({
    shows: z.strictObject({ run: z.string(), path: z.string(), is: z.union([z.string(), z.number()]) }),
  }),
  /** A decision that the history of a run gets. */
  z.strictObject({ history: z.strictObject({ run: z.string(), what: z.string(), reason: z.string() }) }),
  /** What serves in several environments is the same, byte for byte. */
  z.strictObject({ sameArtifact: z.strictObject({ service: z.string(), environments: z.array(z.string()).min(2) }) }),
  /** A word that the explanation of a run holds. */
  z.strictObject({ why: z.strictObject({ run: z.string(), says: z.string() }) }),
  /** Whose commit serves. */
  z.strictObject({ target: z.strictObject({ environment: z.string(), service: z.string(), commitOf: z.string() }) }),
]);

const scenario = z.strictObject({
  story: z.string(),
  steps: z.array(step).min(1),
});

export type Step = z.output<typeof step>;
export type Environment = z.output<typeof environment>;

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
