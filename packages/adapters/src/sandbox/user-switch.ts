import { spawnSync } from 'node:child_process';
import { findProgramSync } from '../process/index.ts';

/** The beginning of a command that goes on as another user and group, with no further groups. */
export type UserSwitch = (uid: number) => readonly string[];

const systemFolders = '/usr/bin:/bin:/usr/sbin:/sbin';
// Any id of the range will do: nothing is written, and it is over before a step can begin.
const probeUser = 61_199;

const ways: Readonly<Record<string, (program: string, id: string) => readonly string[]>> = {
  // util-linux
  setpriv: (program, id) => [program, '--reuid', id, '--regid', id, '--clear-groups', '--'],
  // GNU coreutils; that of busybox knows no --userspec
  chroot: (program, id) => [program, `--userspec=+${id}:+${id}`, '--groups=', '/'],
};

/**
 * Finds a program that root can leave its own user with, and tries it.
 *
 * @param path where such programs are looked for, in the form of PATH
 * @returns null when none works here: whatever root starts would be root as well
 */
export function findUserSwitch(path: string = systemFolders): UserSwitch | null {
  for (const [name, wayOf] of Object.entries(ways)) {
    const program = findProgramSync(name, path);
    if (program !== null && works(wayOf(program, String(probeUser)))) return (uid) => wayOf(program, String(uid));
  }
  return null;
}

function works([program = '', ...args]: readonly string[]): boolean {
  const { stdout } = spawnSync(program, [...args, '/bin/sh', '-c', 'id -u; id -G'], {
    cwd: '/',
    env: {},
    timeout: 10_000,
  });
  return stdout?.toString('utf8') === `${probeUser}\n${probeUser}\n`;
}
