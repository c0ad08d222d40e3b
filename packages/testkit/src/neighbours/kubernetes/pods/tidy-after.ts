import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

// The kernel ends what is in the namespaces after their first process, so it may take a moment until the control groups
// are empty; only then they can be removed.
const script = `
ended=
while read -r line; do ended=$line; done
[ -n "$ended" ] || kill -KILL "$1" 2> /dev/null
tries=0
while [ "$tries" -lt 100 ]; do
  groups=$(find /sys/fs/cgroup -maxdepth 2 -type d -name "$3" 2> /dev/null)
  [ -n "$groups" ] || break
  find $groups -depth -type d -exec rmdir {} + 2> /dev/null
  tries=$((tries + 1))
  sleep 0.1
done
rm -rf -- "$2"`;

/**
 * Sees to it that nothing is left of a room, also when this process is killed: a shell waits for our end, kills the room,
 * and removes its control groups and its folder.
 *
 * @returns call it when the room has ended; resolves when all is removed
 */
export function tidyAfter(
  room: ChildProcess,
  { folder, group }: { folder: string; group: string },
): () => Promise<void> {
  const shell = spawn('/bin/sh', ['-c', script, 'tidy', String(room.pid), folder, group], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  return async () => {
    shell.stdin.end('ended\n');
    if (shell.exitCode === null) await once(shell, 'exit');
  };
}
