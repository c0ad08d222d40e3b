import type { AppBehaviour, CommandEnd, Files, WantedInfrastructure } from '@orchestra/testkit/world';
import { z } from 'zod';
import type { Random } from './random.ts';

const command = z.object({ exitCode: z.int(), durationMs: z.int() });

const traits = z.object({
  build: command,
  lint: command,
  test: command,
  scan: command,
  app: z.object({ startMs: z.int(), crashes: z.boolean(), badAfterMs: z.int().nullable(), silent: z.boolean() }),
  infrastructure: z.object({
    version: z.string(),
    destroys: z.array(z.string()),
    applyFails: z.boolean(),
    applyMs: z.int(),
  }),
});

/** What a commit does in the world, written into it as a file: every fake reads its part there. */
export type Traits = z.output<typeof traits>;

/** Draws what a commit does. Most of them are well. */
export function drawTraits(random: Random): Traits {
  const drawn = (failsOften: number): Traits['build'] => ({
    exitCode: random.chance(failsOften) ? 1 : 0,
    durationMs: random.chance(0.05) ? random.whole(20_000, 200_000) : random.whole(50, 6_000),
  });
  return {
    build: drawn(0.06),
    lint: drawn(0),
    test: drawn(0.08),
    scan: drawn(0),
    app: {
      startMs: random.chance(0.05) ? random.whole(5_000, 30_000) : random.whole(100, 3_000),
      crashes: random.chance(0.06),
      badAfterMs: random.chance(0.3) ? random.whole(0, 40_000) : null,
      silent: random.chance(0.1),
    },
    infrastructure: {
      version: `v${random.whole(1, 4)}`,
      destroys: random.chance(0.03) ? ['bucket'] : [],
      applyFails: random.chance(0.05),
      applyMs: random.whole(100, 15_000),
    },
  };
}

export const traitsFile = 'traits.json';

function readTraits(files: Files): Traits {
  return traits.parse(JSON.parse(files[traitsFile] ?? ''));
}

const emptySarif = JSON.stringify({ version: '2.1.0', runs: [] });

/** What a command of the pipeline file does; its last word names which one it is. */
export function readCommandEnd(files: Files, argv: readonly string[]): CommandEnd {
  const { build, lint, test, scan } = readTraits(files);
  const known: Record<string, CommandEnd> = {
    'make build': { ...build, stdout: 'built' },
    'make lint': { ...lint, stdout: emptySarif },
    'make scan': { ...scan, stdout: emptySarif },
    'make test': { ...test, stdout: 'tested' },
  };
  return known[argv.at(-1) ?? ''] ?? { exitCode: 127, stdout: '', durationMs: 1 };
}

/** How a released archive behaves. */
export function readBehaviour(files: Files): AppBehaviour {
  return readTraits(files).app;
}

/** What a configuration wants. */
export function readInfrastructure(files: Files): WantedInfrastructure {
  return readTraits(files).infrastructure;
}
