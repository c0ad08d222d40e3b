import { z } from 'zod';

/** Shapes that several routes share. Answers are loose: the run state is described by its own package. */
export const nothing = z.object({});

export const runName = z.object({
  run: z.string().min(1).max(300).describe('Id of a run, or owner/name#number'),
});

export const overall = z.object({
  kind: z.enum(['open', 'ended']),
  status: z.string().describe('queued, running, waiting_for_person, success, rolled_back, failure, error, …'),
  reason: z.string(),
});

const unit = z.looseObject({
  generation: z.int(),
  status: z.string(),
  reason: z.string().nullable(),
  message: z.string().nullable(),
});

export const shownRun = z.object({
  run: z.looseObject({
    runId: z.string(),
    repository: z.string(),
    sequence: z.int().describe('Number of the run in its repository'),
    commit: z.string(),
    v: z.int().describe('Revision'),
    units: z.record(z.string(), unit).readonly(),
    slices: z.looseObject({}),
  }),
  overall,
});

export const unattended = z
  .array(
    z.object({
      unit: z.string(),
      service: z.string(),
      kind: z.enum(['not_taken', 'not_begun', 'left']),
      since: z.iso.datetime(),
      text: z.string(),
    }),
  )
  .readonly()
  .describe('Units for which somebody should be at work, and nobody is: their services are not running');

export const problem = z.object({ code: z.string(), message: z.string() });

export const ordered = z.object({ commandId: z.string(), addressee: z.string() });

export const repositoryName = z
  .string()
  .min(3)
  .max(201)
  .regex(/^[^/]+\/[^/]+$/, 'must be owner/name');

export const targetName = z.object({
  repository: repositoryName,
  environment: z.string().min(1).max(100),
  service: z.string().min(1).max(100),
});
