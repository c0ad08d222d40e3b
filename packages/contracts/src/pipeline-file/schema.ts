import { z } from 'zod';
import { build } from './section-build.ts';
import { chatops } from './section-chatops.ts';
import { codeAnalysis, testing } from './section-checks.ts';
import { deployment } from './section-deployment.ts';
import { infrastructure } from './section-infrastructure.ts';
import { observability, rollback } from './section-observability.ts';
import { pipeline } from './section-pipeline.ts';
import { licenses, project, run, secrets, triggers } from './section-project.ts';

/**
 * The pipeline file, `devops_orchestra.yaml`: the one source of its types, defaults, JSON Schema and reference page.
 * Durations, sizes and shares are in the units that people write; {@link resolvePlan} turns them into those of a plan.
 */
export const pipelineFile = z.strictObject({
  project,
  triggers: triggers.prefault({}),
  run: run.prefault({}),
  licenses: licenses.prefault({}),
  build: build.prefault({}),
  code_analysis: codeAnalysis.prefault({}),
  testing: testing.prefault({}),
  infrastructure: infrastructure.optional(),
  deployment: deployment.optional(),
  observability: observability.prefault({}),
  rollback: rollback.prefault({}),
  chatops: chatops.optional(),
  secrets,
  pipeline,
});

/** A pipeline file that satisfies the schema, with the defaults that depend on nothing else. */
export type PipelineFile = z.output<typeof pipelineFile>;
