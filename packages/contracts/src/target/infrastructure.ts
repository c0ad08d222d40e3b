import { z } from 'zod';
import { resolutions } from '../run-state/resolution.ts';

const owner = { runId: z.string().min(1), generation: z.int().min(1), sequence: z.int().min(1) };

/** Who works at the infrastructure of an environment, what was applied last, and what was found since. */
export const infrastructureSchema = z.object({
  /** The run that plans, waits for a person or applies. */
  holder: z
    .object({
      ...owner,
      jobId: z.string(),
      since: z.string(),
      isApplying: z.boolean(),
      /** It destroys all of it: nobody releases meanwhile. */
      destroys: z.boolean().optional(),
    })
    .nullable(),
  /** The newest run that waits for the holder; a newer one takes its place. */
  waiter: z.object({ ...owner, jobId: z.string(), since: z.string() }).nullable(),
  /** What the infrastructure was last brought to. */
  applied: z.object({ ...owner, commit: z.string(), at: z.string(), driftCheckMs: z.number().nullable() }).nullable(),
  /** It was destroyed, after what `applied` says; absent or null: it was not. Whoever applies next makes it anew. */
  gone: z.object({ runId: z.string(), generation: z.int(), at: z.string() }).nullish(),
  /** An apply was cut: nobody may work at it until a person has said what became of it. `destroys`: it was to destroy all. */
  blocked: z
    .object({
      runId: z.string(),
      generation: z.int(),
      at: z.string(),
      message: z.string(),
      destroys: z.boolean().optional(),
    })
    .nullable(),
  /** What a person said of it, for the generation of that run that comes after the one that was cut. */
  resolved: z
    .object({ runId: z.string(), afterGeneration: z.int(), resolution: z.enum(resolutions), actor: z.string() })
    .nullable(),
  drift: z
    .object({
      at: z.string(),
      found: z.enum(['none', 'drifted', 'not_judged']),
      drifted: z.array(z.string()),
      message: z.string().nullable(),
    })
    .nullable(),
});

export type EnvironmentInfrastructure = z.output<typeof infrastructureSchema>;

/** The infrastructure of an environment that nobody has worked at. */
export const untouchedInfrastructure: EnvironmentInfrastructure = {
  holder: null,
  waiter: null,
  applied: null,
  blocked: null,
  resolved: null,
  drift: null,
};

/** The name that the infrastructure of an environment has among its services: none of theirs can begin like this. */
export const infrastructureName = '_infrastructure';
