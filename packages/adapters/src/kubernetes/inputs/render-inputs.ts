import { OrchestraError } from '@orchestra/runtime';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { readInside, resolveInside, unpackArchive, usualUnpackLimits } from '../../archive/index.ts';
import type { Workspaces } from '../../sandbox/index.ts';
import { mapOf, type ClusterObject } from './cluster-object.ts';
import { layOver } from './lay-over.ts';
import { ownObjects, type Services } from './own-objects.ts';
import { parseStream, renderStream } from './parse-stream.ts';
import { pinImages } from './pin-images.ts';
import { runRenderer } from './run-renderer.ts';
import { scanKustomization } from './scan-kustomization.ts';

/** The files of a deployment; paths are relative to the repository. */
export type InputFiles =
  | { kind: 'manifests'; paths: readonly string[] }
  | { kind: 'kustomize'; path: string }
  | { kind: 'helm'; chart: string; values: readonly string[]; release: string };

/** What is rendered, for which environments. */
export interface RenderRequest {
  files: InputFiles;
  /** By environment: a file with what is otherwise there. */
  overlays: Readonly<Record<string, string>>;
  /** By environment: its namespace. */
  namespaces: Readonly<Record<string, string>>;
  /** The images of the build, with their digests. */
  images: readonly string[];
  /** The services of the pipeline file. */
  services: readonly string[];
  /** By service: the Argo Rollout that it is, where it is one. */
  rollouts: Readonly<Record<string, string>>;
}

/** What one environment gets. */
export interface RenderedEnvironment {
  /** The stream with its namespace and its overlay. */
  text: string;
  /** By service: how many pods its Deployment asks for, where it does. */
  replicas: Readonly<Record<string, number>>;
}

/** The objects of a deployment as streams of YAML, the same bytes for the same files. */
export interface RenderedInputs {
  /** What all environments have, with the digests of the images. */
  rendered: string;
  environments: Readonly<Record<string, RenderedEnvironment>>;
  /** Images of others that no digest names. */
  unpinned: readonly string[];
}

/** Where rendering happens. */
export interface RenderOptions {
  scratch: Pick<Workspaces, 'open'>;
  /** Where `kubectl`, `kustomize` and `helm` are looked up, in the form of PATH. */
  path: string;
}

// Charts write the namespace that they are told into names and addresses. The bytes are rendered once for all environments.
const anyNamespace = 'orchestra-namespace-of-the-environment';
const maxBytes = 4 * 1024 ** 2;

/**
 * Renders the files of a deployment from a snapshot of the source, once for all environments.
 *
 * @param snapshot a tar.gz
 * @throws OrchestraError, not retriable: `INPUTS_REFUSED` with what to mend, `COMMAND_NOT_FOUND` with what to install,
 *   `COMMAND_TIMED_OUT`, `PATH_OUTSIDE`, `NOT_FOUND`, `ARTIFACT_TOO_LARGE`
 */
export async function renderInputs(
  request: RenderRequest,
  { snapshot, signal }: { snapshot: Readable; signal?: AbortSignal | undefined },
  { scratch, path }: RenderOptions,
): Promise<RenderedInputs> {
  const folder = await scratch.open();
  const empty = await scratch.open();
  try {
    const limits = { ...usualUnpackLimits, ...(signal === undefined ? {} : { signal }) };
    await unpackArchive(snapshot, folder.path, limits);
    const place = { root: folder.path, scratch: empty.path, path, signal };
    const { objects, unpinned } = pinImages(await renderBase(request.files, place), request.images);
    const names = Object.keys(request.namespaces);
    const pairs = await Promise.all(
      names.map(async (name) => [name, await renderFor(name, objects, { request, place })]),
    );
    return { rendered: renderStream(objects), environments: Object.fromEntries(pairs), unpinned };
  } finally {
    await Promise.all([folder.close(), empty.close()]);
  }
}

interface Place {
  root: string;
  scratch: string;
  path: string;
  signal: AbortSignal | undefined;
}

async function renderBase(files: InputFiles, place: Place): Promise<ClusterObject[]> {
  const objects = await readBase(files, place);
  if (objects.length === 0)
    throw new OrchestraError('INPUTS_REFUSED', `The ${files.kind} of the deployment hold no object`);
  return objects;
}

async function readBase(files: InputFiles, place: Place): Promise<ClusterObject[]> {
  switch (files.kind) {
    case 'manifests':
      return readManifests(files.paths, place);
    case 'kustomize':
      return parseStream(await kustomize(files.path, place), `the kustomization ${files.path}`);
    case 'helm':
      return parseStream(await helm(files, place), `the chart ${files.chart}`);
  }
}

async function readManifests(paths: readonly string[], { root }: Place): Promise<ClusterObject[]> {
  const listed = await Promise.all(paths.map((path) => listFiles(root, path)));
  const streams = await Promise.all(
    listed.flat().map(async (file) => parseStream((await readInside(root, file, maxBytes)).toString(), file)),
  );
  return streams.flat();
}

// A folder stands for the files in it, not for those of its folders, as kubectl has it.
async function listFiles(root: string, path: string): Promise<string[]> {
  const real = await resolveInside(root, path);
  if (!(await stat(real)).isDirectory()) return [path];
  const names = (await readdir(real)).filter((name) => /\.(ya?ml|json)$/.test(name));
  return names.toSorted().map((name) => join(path, name));
}

async function kustomize(path: string, { root, ...place }: Place): Promise<string> {
  await scanKustomization(root, path);
  const folder = await resolveInside(root, path);
  const calls = [
    { program: 'kustomize', args: ['build', folder] },
    { program: 'kubectl', args: ['kustomize', folder] },
  ];
  return runRenderer({
    ...place,
    calls,
    install: 'install one of the two (https://kubectl.docs.kubernetes.io/installation/)',
  });
}

async function helm(
  { chart, values, release }: Extract<InputFiles, { kind: 'helm' }>,
  { root, ...place }: Place,
): Promise<string> {
  const folder = await resolveInside(root, chart);
  const files = await Promise.all(values.map((file) => resolveInside(root, file)));
  const fixed = ['--namespace', anyNamespace, '--skip-tests', '--skip-schema-validation'];
  const args = ['template', release, folder, ...fixed, ...files.flatMap((file) => ['--values', file])];
  return runRenderer({
    ...place,
    calls: [{ program: 'helm', args }],
    install: 'install Helm 3.16 or later (https://helm.sh/docs/intro/install/)',
  });
}

interface ForEnvironment {
  request: RenderRequest;
  place: Place;
}

async function renderFor(
  environment: string,
  objects: readonly ClusterObject[],
  { request, place }: ForEnvironment,
): Promise<RenderedEnvironment> {
  const overlays = new Map(Object.entries(request.overlays));
  const namespace = new Map(Object.entries(request.namespaces)).get(environment) ?? environment;
  const file = overlays.get(environment);
  const changes =
    file === undefined ? [] : parseStream((await readInside(place.root, file, maxBytes)).toString(), file);
  const pinned = pinImages(layOver(objects, changes), request.images);
  const text = renderStream(pinned.objects).replaceAll(anyNamespace, namespace);
  return { text, replicas: replicasIn(pinned.objects, request) };
}

function replicasIn(objects: readonly ClusterObject[], of: Services): Record<string, number> {
  const asked = of.services.flatMap((service): [string, number][] => {
    const { replicas } = mapOf(ownObjects(objects, service, of).template?.['spec']);
    return typeof replicas === 'number' && Number.isInteger(replicas) && replicas > 0 ? [[service, replicas]] : [];
  });
  return Object.fromEntries(asked);
}
