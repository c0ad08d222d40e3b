import { appendFile, copyFile, mkdir, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { KeptFolder, ReadOnlyPath, Sandbox, SandboxLimits, Workspaces } from '../sandbox/index.ts';

export interface TerraformOptions {
  /** The tool and all that the configuration makes it start run in it, with the network of the host. */
  sandbox: Sandbox;
  limits: Omit<SandboxLimits, 'timeMs'>;
  /** Where the programs are looked up, in the form of PATH. */
  path: string;
  /**
   * Variables of our own environment that the tool gets: credentials, proxies. Nothing else is inherited. Of one that names
   * a file the tool gets a copy; the folder that TF_PLUGIN_CACHE_DIR names, it can only read.
   */
  passed: Readonly<Record<string, string>>;
  /** Where providers are installed from instead of their registries: a folder, or an `https:` address. Null: from there. */
  providerMirror?: string | null;
  /** Keeps, for each `stateName`, the state of configurations that name no backend, and the providers. */
  keptIn: string;
  /** Folders for what lasts as long as one call. */
  scratch: Pick<Workspaces, 'open'>;
}

/** What one call of the tool has around it beside its workspace. */
export interface Surroundings {
  env: Readonly<Record<string, string>>;
  keptFolders: readonly KeptFolder[];
  readOnlyPaths: readonly ReadOnlyPath[];
  /** The program, as it is found where it runs. */
  program: string;
  /** Where the tool sees the state. */
  statePath: string;
  close(): Promise<void>;
}

interface Opened {
  program: string;
  stateName: string;
  environment: string;
}

const home = '/opt/iac';
const fixed = { TF_IN_AUTOMATION: '1', TF_INPUT: '0', CHECKPOINT_DISABLE: '1' };

/** Makes the folders that outlive a call, and copies of the files that the passed variables name. */
export async function openSurroundings(opened: Opened, options: TerraformOptions): Promise<Surroundings> {
  const isMoved = options.sandbox.describe() !== 'process';
  const seenAt = ({ from, to }: KeptFolder): string => (isMoved ? to : from);
  const { program, stateName, environment } = opened;
  const state = { from: await keep(options, 'state', stateName), to: `${home}/state` };
  const providers = { from: await keep(options, 'providers', stateName), to: `${home}/providers` };
  const scratch = await options.scratch.open();
  const given = { from: scratch.path, to: `${home}/given` };
  const files = await copyFiles(options.passed, given.from);
  const mirror = mirrorOf(options.providerMirror ?? null, isMoved);
  if (mirror !== null) files.push(await configureMirror(given.from, mirror));

  const cache = options.passed['TF_PLUGIN_CACHE_DIR'];
  const tool = { from: program, to: `${home}/${program.split('/').at(-1) ?? ''}` };
  const isSystem = program.startsWith('/usr/');
  return {
    env: {
      TF_PLUGIN_CACHE_DIR: seenAt(providers),
      ...options.passed,
      ...Object.fromEntries(files.map((name) => [name, join(seenAt(given), name)])),
      ...fixed,
      TF_VAR_environment: environment,
    },
    keptFolders: [state, given, ...(cache === undefined ? [providers] : [])],
    readOnlyPaths: [
      ...(isSystem ? [] : [tool]),
      ...(cache === undefined ? [] : [{ from: cache, to: cache }]),
      ...(mirror?.shown === undefined ? [] : [mirror.shown]),
    ],
    program: isSystem ? program : seenAt(tool),
    statePath: join(seenAt(state), 'terraform.tfstate'),
    close: () => scratch.close(),
  };
}

interface Mirror {
  /** The block of the CLI configuration. */
  block: string;
  /** The folder to show; absent: it is an address. */
  shown?: ReadOnlyPath;
}

function mirrorOf(mirror: string | null, isMoved: boolean): Mirror | null {
  if (mirror === null) return null;
  if (mirror.startsWith('https://')) return { block: `network_mirror {\n    url = ${JSON.stringify(mirror)}\n  }` };
  const path = isMoved ? `${home}/mirror` : mirror;
  const block = `filesystem_mirror {\n    path = ${JSON.stringify(path)}\n  }`;
  return { block, shown: { from: mirror, to: `${home}/mirror` } };
}

// Behind what the file of the installation says; a second block of this kind is for the tool to refuse.
async function configureMirror(folder: string, { block }: Mirror): Promise<string> {
  const name = 'TF_CLI_CONFIG_FILE';
  await appendFile(join(folder, name), `\nprovider_installation {\n  ${block}\n}\n`);
  return name;
}

// 0711: the step's user may pass to what belongs to it.
async function keep({ keptIn }: TerraformOptions, what: string, stateName: string): Promise<string> {
  const folder = join(keptIn, what, stateName);
  await mkdir(folder, { recursive: true, mode: 0o711 });
  return folder;
}

// Files of ours may be closed to the user inside, and stay closed: it gets copies that go with the call.
async function copyFiles(passed: Readonly<Record<string, string>>, folder: string): Promise<string[]> {
  const names: string[] = [];
  for (const [name, value] of Object.entries(passed)) {
    if (!isAbsolute(value) || !(await isFile(value))) continue;
    await copyFile(value, join(folder, name));
    names.push(name);
  }
  return names;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}
