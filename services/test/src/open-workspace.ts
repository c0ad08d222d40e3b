import type { Bench } from '@orchestra/adapters/workbench';
import { OrchestraError } from '@orchestra/contracts';
import type { JobContext } from '@orchestra/runtime';
import type { Readable } from 'node:stream';
import type { Ports } from './ports.ts';

/**
 * Opens a workspace with the source of the run and, over it, what the build made.
 *
 * @throws OrchestraError `ARTIFACT_MISSING`, not retriable, when the run has no snapshot; as `Workbench.open`
 */
export async function openWorkspace(
  archives: readonly string[],
  context: JobContext<'test'>,
  { workbench }: Ports,
): Promise<Bench> {
  const digest = context.run.slices.gitops.source?.snapshotDigest ?? null;
  if (digest === null) throw new OrchestraError('ARTIFACT_MISSING', 'The run has no source snapshot');

  const streams: Readable[] = [];
  try {
    for (const each of [digest, ...archives]) streams.push(await context.artifacts.open(each));
  } catch (error) {
    for (const stream of streams) stream.destroy();
    throw error;
  }
  return workbench.open(streams, context.signal);
}
