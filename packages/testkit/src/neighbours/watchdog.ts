import { spawn } from 'node:child_process';
import { Socket } from 'node:net';

// Reads until our end of the pipe closes, which the kernel does for every kind of death, and then tidies up. `read` is
// part of the shell: no child of it is left behind when it is killed.
const script = 'while read -r line; do :; done; kill -KILL "$1" 2> /dev/null; rm -rf -- "$2"';

/**
 * Sees to it that a process does not outlive this one: a small shell waits for our end, then kills `pid` and removes
 * `folder`.
 *
 * @returns call it once the process is gone: its id may then belong to somebody else
 */
export function guard(pid: number, folder: string): () => void {
  const shell = spawn('/bin/sh', ['-c', script, 'watchdog', String(pid), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  shell.unref();
  if (shell.stdin instanceof Socket) shell.stdin.unref();
  return () => {
    shell.kill('SIGKILL');
    shell.stdin.destroy();
  };
}
