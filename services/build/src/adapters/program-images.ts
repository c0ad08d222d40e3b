import { findProgram, runProgram, type ProgramResult } from '@orchestra/adapters/process';
import { OrchestraError } from '@orchestra/contracts';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImageEnd, ImageOrder, Images } from '../ports.ts';
import { parseImageDigest } from './parse-image-digest.ts';

export interface ProgramImagesOptions {
  /** Where docker and buildah are found, in the form of PATH. */
  path: string;
  /** True: images go to the registry that their name leads to, and their digest is the registry's. */
  push: boolean;
  /** What the programs may know of the environment: where the engine is, and whose credentials they use. */
  env: Readonly<Record<string, string>>;
}

/**
 * Creates images with docker (buildx when they are pushed) or buildah.
 *
 * @see docker buildx build, "--metadata-file"; buildah-build(1), "--iidfile"; buildah-push(1), "--digestfile"
 */
export function createProgramImages(options: ProgramImagesOptions): Images {
  return {
    isInstalled: async (program) => (await findProgram(program, options.path)) !== null,
    async build(order) {
      // The digest file must not be one that the repository could have prepared.
      const folder = await mkdtemp(join(tmpdir(), 'orchestra-image-'));
      try {
        return await buildInto(join(folder, 'digest'), order, options);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

async function buildInto(file: string, order: ImageOrder, options: ProgramImagesOptions): Promise<ImageEnd> {
  for (const args of commandsFor(order, file, options.push)) {
    const result = await run(order, args, options);
    if (result.ending === 'timed_out') return { kind: 'timed_out' };
    if (result.exitCode !== 0) return { kind: 'failed', exitCode: result.exitCode };
  }
  const digest = parseImageDigest(await readFile(file, 'utf8').catch(() => ''));
  if (digest === null) {
    throw new OrchestraError('COMMAND_FAILED', `${order.program} did not say what it built`, { retriable: true });
  }
  return {
    kind: 'built',
    digest,
    // An image that was not pushed has no digest in a registry: on this host, its id is what names it for every program.
    reference: options.push ? `${order.image}@${digest}` : digest,
    sizeBytes: await sizeOf(digest, order, options),
  };
}

/** The argument lists, one program call after another; the last one writes the digest to `file`. */
function commandsFor(order: ImageOrder, file: string, push: boolean): string[][] {
  const tag = `${order.image}:${order.commit.slice(0, 12)}`;
  const labels = [
    ['--label', `org.opencontainers.image.revision=${order.commit}`],
    ['--label', `dev.orchestra.run=${order.runId}`],
  ].flat();
  const common = ['--tag', tag, '--file', order.dockerfile, ...labels];
  if (order.program === 'buildah') {
    const build = ['build', ...common, ...(push ? [] : ['--iidfile', file]), order.context];
    return push ? [build, ['push', '--digestfile', file, tag]] : [build];
  }
  if (!push) return [['build', ...common, '--iidfile', file, order.context]];
  // Version 1 of the predicate has to be asked for. Secrets never go by build arguments: these are in the provenance.
  const attested = ['--provenance=mode=max,version=v1', '--sbom=true', '--progress=plain'];
  return [['buildx', 'build', '--push', '--metadata-file', file, ...attested, ...common, order.context]];
}

async function run(
  order: ImageOrder,
  args: readonly string[],
  { path, env }: ProgramImagesOptions,
): Promise<ProgramResult> {
  order.onOutput(`$ ${order.program} ${args.join(' ')}\n`);
  const result = await runProgram(order.program, args, {
    cwd: order.context,
    env: { ...env, PATH: path },
    timeoutMs: order.timeoutMs,
    graceMs: 10_000, // buildx tells its builder to stop
    maxOutputBytes: 8 * 1024 ** 2,
    signal: order.signal,
    onOutput: order.onOutput,
  });
  order.signal.throwIfAborted();
  return result;
}

async function sizeOf(digest: string, order: ImageOrder, { path, env, push }: ProgramImagesOptions): Promise<number> {
  if (order.program === 'buildah' || push) return 0;
  const args = ['image', 'inspect', '--format', '{{.Size}}', digest];
  const { stdout } = await runProgram('docker', args, { cwd: '/', env: { ...env, PATH: path }, timeoutMs: 30_000 });
  const size = Number(stdout.trim());
  return Number.isSafeInteger(size) ? size : 0;
}
