import { tmpdir } from 'node:os';
import { delimiter, isAbsolute } from 'node:path';
import { z } from 'zod';
import { createSandbox, createWorkspaces, defaultLimits } from '../sandbox/index.ts';
import type { WorkbenchOptions } from './create-workbench.ts';

const megabytes = (fallback: number) =>
  z.coerce
    .number()
    .int()
    .min(1)
    .default(fallback / 1024 ** 2);

/** What every service that runs code of repositories reads from the environment. */
export const sandboxEnv = z.object({
  /** `auto`: bubblewrap where it works, else without a sandbox, and every run says so. */
  SANDBOX: z.enum(['bubblewrap', 'process', 'auto']).default('bubblewrap'),
  /** Folders outside of /usr that commands may read, such as that of a JDK; separated like PATH. */
  SANDBOX_TOOLS: z
    .string()
    .default('')
    .transform((folders) => folders.split(delimiter).filter((folder) => isAbsolute(folder))),
  /** Most memory of one command and all that it starts. */
  SANDBOX_MEMORY_MB: megabytes(defaultLimits.memoryBytes),
  /** Largest file that a command may write. */
  SANDBOX_FILE_MB: megabytes(defaultLimits.fileBytes),
  /** How much of the output of a command is kept. */
  SANDBOX_OUTPUT_MB: megabytes(defaultLimits.outputBytes),
  /** Most processes of one command. */
  SANDBOX_PROCESSES: z.coerce.number().int().min(16).default(defaultLimits.processes),
  /** Where programs are looked up. */
  PATH: z.string().default('/usr/local/bin:/usr/bin:/bin'),
});

/** What a service with a workbench reads beside that. */
export const workbenchEnv = sandboxEnv.extend({
  /** `host` lets builds and tests reach the network, and with it every server that this host reaches. */
  SANDBOX_NETWORK: z.enum(['none', 'host']).default('none'),
  /** Where workspaces are made. The user inside the sandbox has to be able to pass it. */
  WORKSPACES_DIR: z.string().min(1).default(tmpdir()),
});

/**
 * Makes the options of a workbench from checked settings.
 *
 * @throws OrchestraError as `toSandboxOptions`
 */
export function toWorkbenchOptions(settings: z.output<typeof workbenchEnv>): WorkbenchOptions {
  return {
    ...toSandboxOptions(settings),
    workspaces: createWorkspaces(settings.WORKSPACES_DIR),
    network: settings.SANDBOX_NETWORK === 'host',
  };
}

/**
 * Makes a sandbox and its limits from checked settings.
 *
 * @throws OrchestraError `SANDBOX_UNAVAILABLE`, not retriable, when bubblewrap does not work here and `SANDBOX` demands it
 */
export function toSandboxOptions(settings: z.output<typeof sandboxEnv>): Pick<WorkbenchOptions, 'sandbox' | 'limits'> {
  const { SANDBOX: mode, PATH: path, SANDBOX_TOOLS: toolFolders } = settings;
  return {
    sandbox: createSandbox({ mode, path, toolFolders }),
    limits: {
      memoryBytes: settings.SANDBOX_MEMORY_MB * 1024 ** 2,
      fileBytes: settings.SANDBOX_FILE_MB * 1024 ** 2,
      outputBytes: settings.SANDBOX_OUTPUT_MB * 1024 ** 2,
      processes: settings.SANDBOX_PROCESSES,
    },
  };
}
