import { OrchestraError } from '@orchestra/runtime';
import { readdir } from 'node:fs/promises';
import { join, relative, dirname } from 'node:path';
import { readInside, resolveInside } from '../../archive/index.ts';
import { listOf, mapOf } from './cluster-object.ts';
import { parseValues } from './parse-stream.ts';

const fileNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
const maxFileBytes = 1_048_576;
const maxFolders = 100;

// What makes kustomize start programs or load code.
const pluginKeys = [
  'generators',
  'transformers',
  'validators',
  'helmCharts',
  'helmChartInflationGenerator',
  'helmGlobals',
];
const pathKeys = ['resources', 'bases', 'components', 'crds', 'configurations', 'patchesStrategicMerge'];
const pathListKeys = ['patches', 'patchesJson6902', 'replacements'];
const generatorKeys = ['configMapGenerator', 'secretGenerator'];

/**
 * Refuses a kustomization, and what it is made of, that would reach for the network or start a program: kustomize itself
 * has no switch for the first.
 *
 * @param folder relative to `root`
 * @throws OrchestraError `INPUTS_REFUSED`, `PATH_OUTSIDE` or `NOT_FOUND`, none retriable
 */
export async function scanKustomization(root: string, folder: string): Promise<void> {
  const waiting = [folder];
  const seen = new Set<string>();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (seen.size > maxFolders) throw refused(folder, `it is made of over ${maxFolders} folders`);
    waiting.push(...(await scanFolder(root, next)));
  }
}

/** Returns the folders that the kustomization of a folder is made of. */
async function scanFolder(root: string, folder: string): Promise<string[]> {
  const names = await readdir(await resolveInside(root, folder));
  const name = fileNames.find((one) => names.includes(one));
  if (name === undefined) throw refused(folder, 'there is no kustomization.yaml');
  const file = join(folder, name);
  const bytes = await readInside(root, file, maxFileBytes);
  const [written] = parseValues(bytes.toString(), file);
  const kustomization = mapOf(written);
  const plugin = pluginKeys.find((key) => kustomization[key] !== undefined);
  if (plugin !== undefined) throw refused(file, `\`${plugin}\` takes plugins, and none are run: render it into files`);
  const remote = pathsOf(kustomization).find((path) => isRemote(path));
  if (remote !== undefined)
    throw refused(file, `${remote} is elsewhere, and nothing is fetched: put it into the repository`);
  const parts = [
    ...textsOf(kustomization['resources']),
    ...textsOf(kustomization['bases']),
    ...textsOf(kustomization['components']),
  ];
  const folders = await Promise.all(parts.map((part) => findFolder(root, join(folder, part))));
  return folders.filter((one) => one !== null);
}

function pathsOf(kustomization: Readonly<Record<string, unknown>>): string[] {
  const listed = pathListKeys.flatMap((key) => listOf(kustomization[key]).map((one) => mapOf(one)['path']));
  const generated = generatorKeys.flatMap((key) => listOf(kustomization[key]).flatMap(sourcesOf));
  const others = [...listed, ...generated, mapOf(kustomization['openapi'])['path']];
  return [
    ...pathKeys.flatMap((key) => textsOf(kustomization[key])),
    ...others.filter((path) => typeof path === 'string'),
  ];
}

// A file of a generator may have a key before it: `key=path`.
function sourcesOf(generator: unknown): string[] {
  const { files, envs, env } = mapOf(generator);
  const named = [...textsOf(files), ...textsOf(envs), ...textsOf([env])];
  return named.map((one) => one.slice(one.indexOf('=') + 1));
}

function textsOf(value: unknown): string[] {
  return listOf(value).filter((one) => typeof one === 'string');
}

// Inline patches stand in the same lists as paths, hence the line break.
function isRemote(path: string): boolean {
  return !path.includes('\n') && (/^[a-z][a-z0-9+.-]*:/i.test(path) || path.includes('://') || /^[^/]*@/.test(path));
}

async function findFolder(root: string, path: string): Promise<string | null> {
  const real = await resolveInside(root, path);
  const isFolder = await readdir(real).then(
    () => true,
    () => false,
  );
  return isFolder ? path : null;
}

function refused(file: string, why: string): OrchestraError {
  return new OrchestraError(
    'INPUTS_REFUSED',
    `The kustomization ${relative('.', file) || dirname(file)} cannot be rendered: ${why}`,
  );
}
