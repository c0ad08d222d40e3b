import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
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
}

/**
 * Builds a controller from the module that requires it; once for each state of that. Takes many minutes, for these programs
 * bring the clients of all clouds with them.
 *
 * @returns the path of the program
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` when Go is missing, or a module cannot be had
 */
export async function buildController({ name, program }: Controller): Promise<string> {
  // Its own name: servers of Kubernetes take that for who writes to them.
  const file = basename(program);
  const source = join(import.meta.dirname, '../../../../controllers', name);
  const folder = await cachedFolder(`${name}-${digestOf(source)}`, async (draft) => {
    say(`building ${name}: 10 to 20 minutes on two cores, once`);
    await runProgram('env', buildArguments({ source, program, output: join(draft, file) }), buildTimeoutMs);
  });
  return join(folder, file);
}

// One package at a time and behind everything else: the machine is not for this alone.
function buildArguments({ source, program, output }: { source: string; program: string; output: string }): string[] {
  const caches = join(cacheFolder(), 'go');
  const settings = [`GOMODCACHE=${join(caches, 'mod')}`, `GOCACHE=${join(caches, 'build')}`, 'GOTOOLCHAIN=local'];
  const flags = ['CGO_ENABLED=0', 'GOFLAGS=-buildvcs=false -trimpath -modcacherw'];
  const build = ['nice', '-n', '10', 'go', '-C', source, 'build', '-p=1', '-ldflags=-s -w', `-o=${output}`, program];
  return [...settings, ...flags, ...build];
}

function digestOf(source: string): string {
  const hash = createHash('sha256');
  for (const name of ['go.mod', 'go.sum']) hash.update(readFileSync(join(source, name)));
  return hash.digest('hex').slice(0, 12);
}
