import { OrchestraError } from '@orchestra/runtime';
import { createBubblewrapSandbox } from './bubblewrap-sandbox.ts';
import { sweepControlGroups } from './control-group.ts';
import { findBubblewrap } from './find-bubblewrap.ts';
import { findControlGroups } from './find-control-groups.ts';
import { createProcessSandbox } from './process-sandbox.ts';
import type { Sandbox } from './sandbox.ts';

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

  const found = findBubblewrap(settings);
  if (found.kind === 'works') {
    const groups = findControlGroups();
    if (groups !== null) sweepControlGroups(groups);
    return createBubblewrapSandbox({ ...found.bubblewrap, groups });
  }
  if (settings.mode === 'auto') return createProcessSandbox(settings.path);
  throw new OrchestraError(
    'SANDBOX_UNAVAILABLE',
    `No sandbox can start here: ${found.reason}. Install bubblewrap and allow user namespaces, or accept to run repository code without a sandbox (SANDBOX=process).`,
  );
}
