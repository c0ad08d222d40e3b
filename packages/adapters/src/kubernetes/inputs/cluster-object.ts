import { OrchestraError } from '@orchestra/runtime';
import { z } from 'zod';

const texts = z.record(z.string(), z.string());

const objectSchema = z.looseObject({
  apiVersion: z.string().min(1),
  kind: z.string().min(1),
  metadata: z.looseObject({
    name: z.string().min(1),
    namespace: z.string().optional(),
    labels: texts.nullish(),
    annotations: texts.nullish(),
  }),
});

/** An object of a cluster as somebody wrote it: what is not named here is kept as it is. */
export type ClusterObject = z.output<typeof objectSchema>;

// What a cluster wrote, in objects that were copied out of one.
const foreignMarks = ['creationTimestamp', 'generation', 'managedFields', 'resourceVersion', 'selfLink', 'uid'];

/**
 * Reads one object, without what only a cluster writes (status, versions).
 *
 * @param place names the object in the message
 * @throws OrchestraError `INPUTS_REFUSED`, not retriable
 */
export function parseObject(value: unknown, place: string): ClusterObject {
  const parsed = objectSchema.safeParse(value);
  if (!parsed.success) {
    const keys = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
    throw new OrchestraError('INPUTS_REFUSED', `${place} is no object of Kubernetes: look at ${keys || 'its keys'}`);
  }
  const { status: _status, metadata, ...rest } = parsed.data;
  const own = Object.entries(metadata).filter(([key]) => !foreignMarks.includes(key));
  return objectSchema.parse({ ...rest, metadata: Object.fromEntries(own) });
}

/** How people call it: `ConfigMap settings`. */
export function nameOf({ kind, metadata }: Pick<ClusterObject, 'kind' | 'metadata'>): string {
  return `${kind} ${metadata.name}`;
}

/** A map that somebody wrote; empty where there is none. */
export function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  const parsed = z.record(z.string(), z.unknown()).safeParse(value);
  return parsed.success ? parsed.data : {};
}

/** A list that somebody wrote; empty where there is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
