// The guard waits on descriptor 3, whose other end this process holds: when it reads the end, we are dead. It ignores the
// signals that its group gets, and holds none of the program's pipes. `$$` is the leader of the group, also in a subshell.
const script = `
(trap '' TERM INT HUP; read -r _ <&3; kill -9 "-$$") </dev/null >/dev/null 2>&1 &
exec 3<&-
exec "$@"
`;

/** Wraps a command so that its process group ends when the parent dies, even by SIGKILL. Descriptor 3 has to be a pipe to it. */
export function guarded(command: readonly string[]): string[] {
  return ['/bin/sh', '-c', script, 'guard', ...command];
}
