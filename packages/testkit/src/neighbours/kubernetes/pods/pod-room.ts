import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmdirSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { runProgram } from '../../run-program.ts';
import { makeGroup, removeGroup } from './control-groups.ts';
import { findPodPrograms, type PodPrograms } from './pod-programs.ts';
import { tidyAfter } from './tidy-after.ts';

/** What the first program inside of a room is told. */
export interface RoomOrder {
  /** The room's own folder, which is in memory. */
  folder: string;
  /** The name of the control group of the pods. */
  group: string;
  programs: PodPrograms;
  /** What is run once the node is ready: a program and its arguments. */
  command: readonly string[];
}

const namespaces = ['--net', '--mount', '--ipc', '--pid', '--fork', '--kill-child', '--mount-proc'];
const probeTimeoutMs = 60_000;

// Whatever a node writes outside of its folder goes to a layer that is gone with the namespaces. The other end of the pair
// only gives the first a carrier: nothing leaves the room. The shell stays, for the first process has to reap orphans.
const furnish = `
set -e
folder=$1; shift
mount -t tmpfs tmpfs "$folder"
mkdir "$folder/upper" "$folder/work"
mount -t overlay -o "lowerdir=/var/lib,upperdir=$folder/upper,workdir=$folder/work" overlay /var/lib
mount -t tmpfs tmpfs /var/log
mount -t tmpfs tmpfs /run
ip link set lo up
ip link add node0 type veth peer name node1
ip address add 10.200.0.2/30 dev node0
ip link set node0 up
ip link set node1 up
ip route add default dev node0
ip link add probe type bridge
ip link delete probe
iptables -t nat -L -n > /dev/null
echo 1 > /proc/sys/net/ipv4/ip_forward
bridged=/proc/sys/net/bridge/bridge-nf-call-iptables
if [ -e "$bridged" ]; then echo 1 > "$bridged"; fi
set +e
"$@"
exit $?`;

/** Why no real pods can run on this machine, in one line; null: everything that they take is here and was tried. */
export async function whyNoPods(): Promise<string | null> {
  if (process.platform !== 'linux') return `this is ${process.platform}, not Linux`;
  if (process.getuid?.() !== 0) return 'it takes root';
  try {
    await tryRoom();
    return null;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return (
      message
        .replace(/^.*? failed: /, '')
        .trim()
        .split('\n')
        .at(-1) ?? message
    );
  }
}

/**
 * Runs a program in namespaces of its own, in which a cluster with one real node is ready (`joinPods`). Whatever happens,
 * nothing of it is left: the kernel ends all processes of the namespaces with the first, and a small shell tidies up.
 *
 * @returns its exit code
 * @throws OrchestraError `NEIGHBOUR_UNAVAILABLE` when a program of the node cannot be had
 */
export async function runWithPods(command: readonly string[]): Promise<number> {
  const programs = await findPodPrograms();
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-pods-'));
  const order: RoomOrder = { folder, group: basename(folder), programs, command };
  const inside = [...process.execArgv, join(import.meta.dirname, 'inside.ts'), JSON.stringify(order)];
  const [program = '', ...args] = enterRoom(folder, [process.execPath, ...inside]);
  const room = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...programs.env } });
  const tidy = tidyAfter(room, order);
  const end = (): void => void room.kill('SIGKILL');
  process.on('SIGTERM', end).on('SIGINT', end);
  const [code, signal]: unknown[] = await once(room, 'exit');
  await tidy();
  process.off('SIGTERM', end).off('SIGINT', end);
  return typeof code === 'number' ? code : 128 + (signal === 'SIGKILL' ? constants.signals.SIGKILL : 0);
}

function enterRoom(folder: string, command: readonly string[]): string[] {
  return ['unshare', ...namespaces, 'sh', '-c', furnish, 'room', folder, ...command];
}

// Everything but the node itself.
async function tryRoom(): Promise<void> {
  const group = `orchestra-probe-${process.pid}`;
  try {
    makeGroup(group);
  } finally {
    removeGroup(group);
  }
  const { env } = await findPodPrograms();
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-pods-'));
  try {
    const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    await runProgram('env', [...settings, ...enterRoom(folder, ['true'])], probeTimeoutMs);
  } finally {
    rmdirSync(folder);
  }
}
