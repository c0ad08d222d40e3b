import type { GitAllowance } from './git-url.ts';

/** How git signs in. Each belongs to one place and never appears in an argument or a URL. */
export interface GitCredentials {
  /** For https: sent as a header to this host only. */
  https: { host: string; user: string; token: string } | null;
  /** For ssh: files that git's ssh reads. */
  ssh: { keyFile: string; knownHostsFile: string } | null;
}

interface Surroundings {
  /** Where programs are looked for. */
  searchPath: string;
  /** An empty folder. */
  home: string;
  repository: string;
  /** Where files are checked out; null: nowhere. */
  workTree: string | null;
  allowance: GitAllowance;
  credentials: GitCredentials;
}

/** Settings that make a repository's own wishes ineffective: hooks, monitors, links, submodules, other transports. */
export const gitConfig: readonly string[] = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.symlinks=false',
  'protocol.ext.allow=never',
  'submodule.recurse=false',
  'transfer.fsckObjects=true',
  'http.followRedirects=false',
  'gc.auto=0',
  // What is written here is read once and removed: nothing of it has to outlive the machine.
  'core.fsync=none',
  'maintenance.auto=false',
];

/** The whole environment of a git process. Nothing else is inherited. */
export function gitEnvironment(surroundings: Surroundings): Record<string, string> {
  const { searchPath, home, repository, workTree, allowance, credentials } = surroundings;
  return {
    PATH: searchPath,
    HOME: home,
    LC_ALL: 'C',
    GIT_DIR: repository,
    ...(workTree === null ? {} : { GIT_WORK_TREE: workTree }),
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_ALLOW_PROTOCOL: allowance.protocols.join(':'),
    GIT_LFS_SKIP_SMUDGE: '1',
    GIT_ASKPASS: '/bin/false',
    ...httpsHeader(credentials.https),
    ...sshCommand(credentials.ssh),
  };
}

// A header by configuration in the environment: not in the process list, and bound to one host by git itself.
function httpsHeader(https: GitCredentials['https']): Record<string, string> {
  if (https === null) return {};
  const basic = Buffer.from(`${https.user}:${https.token}`).toString('base64');
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.https://${https.host}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
  };
}

// Without files of ours ssh would take those of the user who runs the platform.
const nobody = { keyFile: '/dev/null', knownHostsFile: '/dev/null' };

function sshCommand(ssh: GitCredentials['ssh']): Record<string, string> {
  const { keyFile, knownHostsFile } = ssh ?? nobody;
  const options = ['BatchMode=yes', 'IdentitiesOnly=yes', 'StrictHostKeyChecking=yes', 'ConnectTimeout=10'];
  const known = `-o UserKnownHostsFile=${quote(knownHostsFile)}`;
  const line = ['ssh', '-F', '/dev/null', '-i', quote(keyFile), known, ...options.map((option) => `-o ${option}`)];
  return { GIT_SSH_COMMAND: line.join(' '), GIT_SSH_VARIANT: 'ssh' };
}

// git hands this one line to a shell.
function quote(file: string): string {
  return `'${file.replaceAll("'", String.raw`'\''`)}'`;
}
