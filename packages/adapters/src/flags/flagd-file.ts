import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { OrchestraError } from '@orchestra/runtime';
import { z } from 'zod';
import type { FlagChange, Flags } from './flags.ts';

const flagSchema = z.looseObject({
  variants: z.record(z.string(), z.unknown()).optional(),
  metadata: z.looseObject({ orchestraEpoch: z.number().optional() }).optional(),
});
const fileSchema = z.looseObject({ flags: z.record(z.string(), flagSchema).default({}) });

const lockWaitMs = 5_000;
const staleLockMs = 30_000;

/**
 * Writes flags into the file that flagd serves, atomically; other flags, and other keys of a flag, stay as they are. The users
 * for whom a flag is on are chosen by flagd, by the hash of flag and targeting key: who has it at 10 % has it at 50 %. Who has
 * no targeting key has it at 100 %.
 *
 * @param pathOf the file of an environment, as flagd knows it
 * @see flagd documentation, "Flag definitions" and "Fractional operation"
 */
export function createFlagdFile(pathOf: (environment: string) => string): Flags {
  return {
    async change(change, signal) {
      const path = pathOf(change.environment);
      try {
        await mkdir(dirname(path), { recursive: true });
        await whileLocked(`${path}.lock`, signal, () => rewrite(path, change));
      } catch (cause) {
        if (cause instanceof OrchestraError || signal?.aborted === true) throw cause;
        throw new OrchestraError('FLAGS_UNAVAILABLE', `${path} could not be written`, { retriable: true, cause });
      }
    },
  };
}

async function rewrite(path: string, change: FlagChange): Promise<void> {
  const file = parseFile(path, await readFile(path, 'utf8').catch(absentIsEmpty));
  const before = file.flags[change.flag];
  const seen = before?.metadata?.orchestraEpoch ?? 0;
  if (seen > change.epoch) throw new OrchestraError('FLAGS_REFUSED', `${change.flag} was changed by a newer move`);
  const flags = { ...file.flags, [change.flag]: flagOf(before, change) };
  const temporary = `${path}.${randomUUID()}.tmp`;
  await using handle = await open(temporary, 'w');
  await handle.writeFile(`${JSON.stringify({ ...file, flags }, null, 2)}\n`);
  await handle.sync();
  await rename(temporary, path);
}

function flagOf(before: z.output<typeof flagSchema> | undefined, { percent, release, epoch }: FlagChange) {
  return {
    ...before,
    state: 'ENABLED',
    variants: { ...before?.variants, on: true, off: false },
    // For who has no targeting key, whom flagd cannot place: a rule of its own would give all of them one place.
    defaultVariant: percent === 100 ? 'on' : 'off',
    targeting: {
      fractional: [
        ['on', percent],
        ['off', 100 - percent],
      ],
    },
    metadata: { ...before?.metadata, orchestraEpoch: epoch, orchestraRelease: release },
  };
}

function parseFile(path: string, text: string): z.output<typeof fileSchema> {
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch (cause) {
    // To write over what people wrote by hand would lose their flags.
    throw new OrchestraError('FLAGS_REFUSED', `${path} is no file of flagd`, { cause });
  }
}

function absentIsEmpty(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return '{"$schema":"https://flagd.dev/schema/v0/flags.json","flags":{}}';
  throw error;
}

async function whileLocked(path: string, signal: AbortSignal | undefined, work: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + lockWaitMs;
  while (!(await lock(path))) {
    if (performance.now() > deadline)
      throw new OrchestraError('FLAGS_UNAVAILABLE', `${path} is held`, { retriable: true });
    await wait(20, undefined, signal === undefined ? {} : { signal });
  }
  try {
    await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function lock(path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx')).close();
    return true;
  } catch {
    const held = await stat(path).catch(() => null);
    if (held !== null && Date.now() - held.mtimeMs > staleLockMs) await rm(path, { force: true });
    return false;
  }
}
