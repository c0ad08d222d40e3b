import { Agent } from 'node:http';
import type { Launcher } from './launch.ts';
import { probeHealth } from './probe-health.ts';
import { readProcess } from './process-stat.ts';
import type { ProcessState } from './state-file.ts';
import type { ReleaseSpec } from '../view.ts';

/** One process of a release. `draining` gets no new requests and ends once the ones it has are answered. */
export interface Replica extends ProcessState {
  status: 'starting' | 'ready' | 'draining' | 'gone';
  inFlight: number;
  startedAt: number;
  /** When it was asked to end, and how hard; null: it was not. */
  ending: { since: number; signal: 'SIGTERM' | 'SIGKILL' | null } | null;
  /** How it ended, in words; null while it lives. */
  end: string | null;
  /** Kept connections to it. */
  agent: Agent;
  probing: boolean;
}

const drainMs = 10_000;
const graceMs = 5_000;

/** Starts a process and gives it a port of its own. */
export async function startReplica(launcher: Launcher, spec: ReleaseSpec, port: number): Promise<Replica> {
  const launched = await launcher.launch(spec, port);
  const startTicks = readProcess(launched.pid)?.startTicks ?? 0;
  const replica = createReplica({ pid: launched.pid, startTicks, port }, 'starting');
  launched.onExit((how) => {
    replica.end = how;
  });
  return replica;
}

/** Takes over a process that an earlier supervisor started, or null: it is gone, or its number names another process now. */
export function adoptReplica(state: ProcessState): Replica | null {
  const found = readProcess(state.pid);
  return found?.startTicks === state.startTicks ? createReplica(state, 'starting') : null;
}

function createReplica(state: ProcessState, status: Replica['status']): Replica {
  return {
    ...state,
    status,
    inFlight: 0,
    startedAt: performance.now(),
    ending: null,
    end: null,
    agent: new Agent({ keepAlive: true, keepAliveMsecs: 1_000, maxFreeSockets: 64 }),
    probing: false,
  };
}

/** Looks whether a process lives, whether it has become ready, and brings the end of one that has to go a step further. */
export function tendReplica(replica: Replica, spec: ReleaseSpec): void {
  if (replica.status === 'gone') return;
  if (!isAlive(replica)) return close(replica);
  if (replica.status === 'draining') return endStepwise(replica);
  if (replica.status !== 'starting') return;
  if (performance.now() - replica.startedAt > spec.readyTimeoutMs) {
    replica.end = `not ready after ${spec.readyTimeoutMs} ms`;
    signalGroup(replica.pid, 'SIGKILL');
    return close(replica);
  }
  void probeReplica(replica, spec);
}

/** Takes a process out of traffic; it ends once nothing is in flight, or after its time. */
export function drainReplica(replica: Replica): void {
  if (replica.status === 'gone' || replica.status === 'draining') return;
  replica.status = 'draining';
  replica.ending = { since: performance.now(), signal: null };
}

/** Asks a process that is starting whether it is ready; one question at a time. */
export async function probeReplica(replica: Replica, spec: ReleaseSpec): Promise<void> {
  if (replica.probing) return;
  replica.probing = true;
  const healthy = await probeHealth(replica.port, spec.healthPath);
  replica.probing = false;
  if (healthy && replica.status === 'starting') replica.status = 'ready';
}

function isAlive({ pid, startTicks, end }: Replica): boolean {
  return end === null && readProcess(pid)?.startTicks === startTicks;
}

function close(replica: Replica): void {
  // Whatever the process left behind in its group would hold its port and its memory for ever.
  if (replica.ending === null) signalGroup(replica.pid, 'SIGKILL');
  replica.status = 'gone';
  replica.end ??= 'ended';
  replica.agent.destroy();
}

function endStepwise(replica: Replica): void {
  const { ending, pid } = replica;
  if (ending === null) return;
  const sinceMs = performance.now() - ending.since;
  if (ending.signal === null && (replica.inFlight === 0 || sinceMs > drainMs)) {
    replica.ending = { since: performance.now(), signal: 'SIGTERM' };
    signalGroup(pid, 'SIGTERM');
  }
  if (ending.signal === 'SIGTERM' && sinceMs > graceMs) {
    replica.ending = { since: performance.now(), signal: 'SIGKILL' };
    signalGroup(pid, 'SIGKILL');
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // ESRCH: nobody is left in the group.
  }
}
