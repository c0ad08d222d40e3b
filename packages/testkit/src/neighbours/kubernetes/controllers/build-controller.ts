import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cachedFolder, cacheFolder } from '../../cache-folder.ts';
import { runProgram } from '../../run-program.ts';
import { say } from '../../say.ts';

const buildTimeoutMs = 3_600_000;

/** A program of somebody else that is built from Go modules. */
export interface Controller {
  /** Its folder in `controllers`, with a module that requires the program as a tool. */
  name: string;
  /** The package of its `main`. */
  program: string;
  /** What its module replaces by a folder of its own, with one file written anew: it takes what tests need not build. */
  lessened?: Lessened;
}

/** A module without a part of it. */
export interface Lessened {
  module: string;
  /** The folder that stands for it in the `replace` of `go.mod`. */
  folder: string;
  file: string;
  text: string;
}

/**
 * Builds a controller from the module that requires it; once for each state of that. Takes many minutes, for these programs
 * bring a lot with them.
 *
 * @returns the path of the program
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` when Go is missing, or a module cannot be had
 */
export async function buildController(controller: Controller): Promise<string> {
  const { name, program, lessened } = controller;
  // Its own name: servers of Kubernetes take that for who writes to them.
  const file = basename(program);
  const folder = await cachedFolder(`${name}-${digestOf(controller)}`, async (draft) => {
    say(`building ${name}: 5 to 20 minutes on two cores, once`);
    const source = join(draft, 'source');
    mkdirSync(source);
    for (const one of sources) copyFileSync(join(ownFolder(name), one), join(source, one));
    if (lessened !== undefined) await lessen(source, lessened);
    await runProgram('env', buildArguments({ source, program, output: join(draft, file) }), buildTimeoutMs);
    rmSync(source, { recursive: true });
  });
  return join(folder, file);
}

const sources = ['go.mod', 'go.sum'];

function ownFolder(name: string): string {
  return join(import.meta.dirname, '../../../../controllers', name);
}

async function lessen(source: string, { module, folder, file, text }: Lessened): Promise<void> {
  const told = await runProgram('env', [...settings(), 'go', 'mod', 'download', '-json', module]);
  const from = /"Dir": "([^"]+)"/.exec(told)?.[1] ?? '';
  const to = join(source, folder);
  cpSync(from, to, { recursive: true });
  // Modules are kept unwritable.
  rmSync(join(to, file));
  writeFileSync(join(to, file), text);
}

// One package at a time and behind everything else: the machine is not for this alone.
function buildArguments({ source, program, output }: { source: string; program: string; output: string }): string[] {
  const build = ['nice', '-n', '10', 'go', '-C', source, 'build', '-p=1', '-ldflags=-s -w', `-o=${output}`, program];
  return [...settings(), ...build];
}

function settings(): string[] {
  const caches = join(cacheFolder(), 'go');
  const places = [`GOMODCACHE=${join(caches, 'mod')}`, `GOCACHE=${join(caches, 'build')}`];
  return [...places, 'GOTOOLCHAIN=local', 'CGO_ENABLED=0', 'GOFLAGS=-buildvcs=false -trimpath -modcacherw'];
}

function digestOf({ name, lessened }: Controller): string {
  const hash = createHash('sha256').update(JSON.stringify(lessened ?? null));
  for (const one of sources) hash.update(readFileSync(join(ownFolder(name), one)));
  return hash.digest('hex').slice(0, 12);
}
