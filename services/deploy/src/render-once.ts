import { createHash } from 'node:crypto';
import { OrchestraError, type InputsPlan, type Plan } from '@orchestra/contracts';
import { z } from 'zod';
import type { Unbegun } from './end-unbegun.ts';
import type { ClusterWork, RenderedInputs } from './ports.ts';
import { rolloutsOf } from './rollouts-of.ts';
import type { Work } from './work.ts';

const renderedSchema = z.object({
  /** The digest of what all environments share. */
  rendered: z.string(),
  environments: z.record(z.string(), z.object({ digest: z.string(), replicas: z.record(z.string(), z.number()) })),
});

/** The user's own objects as a run has them, by their digests. */
export type StoredInputs = z.output<typeof renderedSchema>;

/** Null: the pipeline file names none. */
export type Rendered = { kind: 'rendered'; inputs: StoredInputs | null } | { kind: 'refused'; ending: Unbegun };

/**
 * Renders the files of a deployment once for a run and what it built: the first result stands, and each environment gets
 * the same bytes, also from templates that give others each time.
 */
export async function renderOnce(work: Work, plan: Plan): Promise<Rendered> {
  const { deployment } = plan;
  const { cluster } = work.ports;
  if (deployment?.inputs === undefined || cluster === undefined) return { kind: 'rendered', inputs: null };
  const images = builtImages(work);
  const key = keyOf(images);
  const { store, run } = work.context;
  const known = await store.readAnswer(run.runId, key);
  if (known !== null) return stored(known);
  try {
    const made = await render({ work, cluster, inputs: deployment.inputs, plan, images });
    await store.answer(run.runId, key, JSON.stringify(made));
    return stored((await store.readAnswer(run.runId, key)) ?? JSON.stringify(made));
  } catch (error) {
    const ending = endingOf(error);
    if (ending === null) throw error;
    return { kind: 'refused', ending };
  }
}

function stored(text: string): Rendered {
  return { kind: 'rendered', inputs: renderedSchema.parse(JSON.parse(text)) };
}

function builtImages({ context }: Work): string[] {
  const built = context.run.slices.build.result?.artifacts ?? [];
  return built.flatMap(({ reference }) => (reference?.includes('@sha256:') === true ? [reference] : [])).toSorted();
}

// A retry may build other bytes, which are then in the objects.
function keyOf(images: readonly string[]): string {
  return `inputs/${createHash('sha256').update(images.join('\n')).digest('hex')}`;
}

interface Rendering {
  work: Work;
  cluster: ClusterWork;
  inputs: InputsPlan;
  plan: Plan;
  images: readonly string[];
}

async function render({ work, cluster, inputs, plan, images }: Rendering): Promise<StoredInputs> {
  const { context } = work;
  const digest = context.run.slices.gitops.source?.snapshotDigest;
  if (digest === undefined || digest === null) throw new OrchestraError('NOT_FOUND', 'This run has no snapshot');
  const { overlays, ...files } = inputs;
  const namespaces = plan.deployment?.namespaces ?? {};
  const planned = plan.deployment?.services ?? [];
  const services = planned.map(({ name }) => name);
  const request = { files, overlays, namespaces, images, services, rollouts: rolloutsOf(planned) };
  const made = await cluster.render(request, await context.artifacts.open(digest), context.signal);
  await tell(work, made);
  const environments = Object.entries(made.environments).map(async ([name, { text, replicas }]) => {
    const put = await context.artifacts.put(Buffer.from(text));
    return [name, { digest: put.digest, replicas }] as const;
  });
  const rendered = await context.artifacts.put(Buffer.from(made.rendered));
  return { rendered: rendered.digest, environments: Object.fromEntries(await Promise.all(environments)) };
}

async function tell({ context }: Work, { unpinned }: RenderedInputs): Promise<void> {
  if (unpinned.length === 0) return;
  await context.output(`These images are named by no digest, so a rollback may get others: ${unpinned.join(', ')}\n`);
}

const theirs = new Set<string>([
  'INPUTS_REFUSED',
  'PATH_OUTSIDE',
  'NOT_FOUND',
  'ARTIFACT_TOO_LARGE',
  'COMMAND_TIMED_OUT',
]);

/** How a unit ends whose objects could not be made; null: waiting may help, or it is a surprise. */
function endingOf(error: unknown): Unbegun | null {
  if (!(error instanceof OrchestraError) || error.retriable) return null;
  const { code, message } = error;
  if (code === 'COMMAND_NOT_FOUND') return { status: 'error', reason: 'renderer_missing', message };
  return theirs.has(code) ? { status: 'failure', reason: 'inputs_refused', message } : null;
}
