import { OrchestraError } from '@orchestra/runtime';
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { bubblewrapArguments } from './bubblewrap-arguments.ts';
import { createBubblewrapSandbox } from './bubblewrap-sandbox.ts';
import { sweepControlGroups } from './control-group.ts';
import { findControlGroups } from './find-control-groups.ts';
import { createProcessSandbox } from './process-sandbox.ts';
import { defaultLimits, type Sandbox } from './sandbox.ts';
import { canSwitchUser } from './step-user.ts';
import { createToolchain, type Toolchain } from './toolchain.ts';

export interface SandboxSettings {
  /** `auto`: bubblewrap where it works, else without a sandbox, and every run says so. */
  mode: 'bubblewrap' | 'process' | 'auto';
  /** Where the host finds its programs, in the form of PATH. */
  path: string;
  /** Folders outside of /usr that steps may read, such as that of a JDK. */
  toolFolders?: readonly string[];
}

/**
 * Creates the sandbox for repository code. Tries bubblewrap once, as every run will use it.
 *
 * @throws OrchestraError `SANDBOX_UNAVAILABLE`, not retriable, when bubblewrap does not work here and `mode` demands it
 */
export function createSandbox(settings: SandboxSettings): Sandbox {
  if (settings.mode === 'process') return createProcessSandbox(settings.path);

  const probed = probe(settings);
  if (probed.kind === 'works') return probed.sandbox;
  if (settings.mode === 'auto') return createProcessSandbox(settings.path);
  throw new OrchestraError(
    'SANDBOX_UNAVAILABLE',
    `No sandbox can start here: ${probed.reason}. Install bubblewrap and allow user namespaces, or accept to run repository code without a sandbox (SANDBOX=process).`,
  );
}

type Probed = { kind: 'works'; sandbox: Sandbox } | { kind: 'fails'; reason: string };

function probe({ path, toolFolders = [] }: SandboxSettings): Probed {
  const program = findSync('bwrap', path);
  if (program === null) return { kind: 'fails', reason: 'bwrap is not installed' };
  if (findSync('prlimit', '/usr/bin') === null)
    return { kind: 'fails', reason: 'prlimit (util-linux) is not installed' };

  const switchUser = canSwitchUser() && findSync('setpriv', '/usr/bin') !== null;
  const toolchain = createToolchain({ path, toolFolders, forOtherUser: switchUser });
  const problem = tryBubblewrap({ program, toolchain, switchUser });
  if (problem !== null) return { kind: 'fails', reason: problem };

  const groups = findControlGroups();
  if (groups !== null) sweepControlGroups(groups);
  return { kind: 'works', sandbox: createBubblewrapSandbox({ program, toolchain, switchUser, groups }) };
}

// Any id of the range will do: nothing is written, and it is over before a step can begin.
const probeUser = 61_199;

function tryBubblewrap({
  program,
  toolchain,
  switchUser,
}: {
  program: string;
  toolchain: Toolchain;
  switchUser: boolean;
}): string | null {
  const run = { argv: ['true'], workspace: '/usr', limits: defaultLimits, network: false };
  const args = bubblewrapArguments(run, { toolchain, groupLimitsMemory: false });
  const user = switchUser ? { uid: probeUser, gid: probeUser } : {};
  const stdio = ['ignore', 'ignore', 'pipe', 'pipe'] as const;
  const { status, stderr, error } = spawnSync(program, args, { ...user, env: {}, stdio: [...stdio], timeout: 10_000 });
  if (status === 0) return null;
  return stderr?.toString('utf8').trim() || error?.message || 'bwrap was killed';
}

function findSync(name: string, path: string): string | null {
  const files = path
    .split(delimiter)
    .filter(isAbsolute)
    .map((folder) => join(folder, name));
  return files.find(isProgram) ?? null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
