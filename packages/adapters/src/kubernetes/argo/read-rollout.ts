import { OrchestraError } from '@orchestra/runtime';
import { z } from 'zod';
import type { Apis } from '../connect-cluster.ts';
import type { NamedObject } from '../inputs/open-objects.ts';
import { annotations, type TargetNames } from '../target-names.ts';

const texts = z.record(z.string(), z.string()).default({});
const containerSchema = z.looseObject({ name: z.string(), image: z.string().default('') });

/** An Argo Rollout, as far as it is looked at. @see https://argo-rollouts.readthedocs.io/en/stable/features/specification/ */
const rolloutSchema = z.object({
  metadata: z.object({
    name: z.string(),
    resourceVersion: z.string(),
    generation: z.int().default(0),
    labels: texts,
    annotations: texts,
  }),
  spec: z.object({
    replicas: z.int().default(1),
    workloadRef: z.unknown().optional(),
    strategy: z.object({ canary: z.object({ steps: z.array(z.unknown()).default([]) }).optional() }).default({}),
    template: z
      .object({ spec: z.looseObject({ containers: z.array(containerSchema).default([]) }).default({ containers: [] }) })
      .default({ spec: { containers: [] } }),
  }),
  status: z
    .object({
      observedGeneration: z.string().default(''),
      phase: z.string().default(''),
      message: z.string().default(''),
      abort: z.boolean().default(false),
      promoteFull: z.boolean().default(false),
      currentPodHash: z.string().default(''),
      stableRS: z.string().default(''),
      currentStepIndex: z.int().optional(),
      replicas: z.int().default(0),
      updatedReplicas: z.int().default(0),
      availableReplicas: z.int().default(0),
      canary: z.object({ weights: z.object({ canary: z.object({ weight: z.int() }) }).optional() }).default({}),
      blueGreen: z.object({ activeSelector: z.string().optional() }).default({}),
    })
    .prefault({}),
});

export type FoundRollout = z.output<typeof rolloutSchema>;
export type RolloutContainer = z.output<typeof containerSchema>;

/** As which the controller of Argo Rollouts writes. It writes Rollouts as a whole, with what they left out (`resources: {}`). */
export const rolloutController = 'rollouts-controller';

/** A target that is an Argo Rollout. */
export interface RolloutNames extends TargetNames {
  rollout: string;
}

export function rolloutNamed({ rollout: name, namespace }: RolloutNames): NamedObject {
  return { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name, namespace } };
}

/** Reads what the API gives of a Rollout. */
export function parseRollout(value: unknown): FoundRollout {
  return rolloutSchema.parse(value);
}

/** Null: there is none. @throws OrchestraError `TARGET_DENIED`, not retriable, for one of another target */
export async function findRollout({ objects }: Apis, names: RolloutNames): Promise<FoundRollout | null> {
  const found = await objects.readWhole(rolloutNamed(names));
  if (found === null) return null;
  const rollout = parseRollout(found);
  const owner = rollout.metadata.annotations[annotations.target];
  if (owner === undefined || owner === names.target) return rollout;
  throw new OrchestraError('TARGET_DENIED', `The Rollout ${names.rollout} belongs to ${owner}, not to ${names.target}`);
}

export function epochOf({ metadata }: FoundRollout): number {
  return Number(metadata.annotations[annotations.epoch] ?? 0);
}
