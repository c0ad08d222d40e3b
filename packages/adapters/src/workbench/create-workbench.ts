import type { Readable } from 'node:stream';
import {
  packFolder,
  readInside,
  removeInside,
  resolveInside,
  unpackArchive,
  usualUnpackLimits,
} from '../archive/index.ts';
import type { Sandbox, SandboxLimits, Workspace, Workspaces } from '../sandbox/index.ts';
import type { Bench, Workbench } from './workbench.ts';

export interface WorkbenchOptions {
  sandbox: Sandbox;
  workspaces: Workspaces;
  limits: Omit<SandboxLimits, 'timeMs'>;
  /** True: commands reach the network of the host. */
  network: boolean;
}

/** Creates a workbench of a sandbox and fresh folders. */
export function createWorkbench(options: WorkbenchOptions): Workbench {
  const { sandbox, workspaces, network } = options;
  return {
    // Without a sandbox the network is open anyway, and `unsandboxed` says more.
    notes: [...sandbox.notes, ...(network && sandbox.describe() !== 'process' ? ['network_open'] : [])],
    sweep: async () => workspaces.sweep(),
    async open(archives, signal) {
      const workspace = await workspaces.open();
      try {
        for (const archive of archives) await unpackOver(archive, workspace.path, signal);
        return createBench(workspace, options);
      } catch (error) {
        await workspace.close();
        throw error;
      } finally {
        for (const archive of archives) archive.destroy();
      }
    },
  };
}

async function unpackOver(archive: Readable, folder: string, signal: AbortSignal): Promise<void> {
  await unpackArchive(archive, folder, { ...usualUnpackLimits, overwrite: true, signal });
}

function createBench({ path, close }: Workspace, { sandbox, limits, network }: WorkbenchOptions): Bench {
  const seesHost = sandbox.describe() === 'process';
  return {
    path,
    insidePath: seesHost ? path : '/workspace',
    seesHost,
    async run({ timeoutMs, ...command }) {
      return sandbox.run({ ...command, workspace: path, limits: { ...limits, timeMs: timeoutMs }, network });
    },
    has: async (name) =>
      resolveInside(path, name).then(
        () => true,
        () => false,
      ),
    read: async (name, maxBytes) => readInside(path, name, maxBytes),
    remove: async (name) => removeInside(path, name),
    pack: (options) => packFolder(path, { ...options, exclude: ['.git'] }),
    close,
  };
}
