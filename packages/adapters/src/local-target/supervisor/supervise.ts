import type { Launcher } from './launch.ts';
import { closeDoor, isPortTaken, openDoor, openDoorNear } from './open-door.ts';
import { waitForAdopted, tendRelease } from './running-release.ts';
import { openTarget, type RunningTarget } from './running-target.ts';
import { readState, writeState, type TargetState } from './state-file.ts';

/** All targets of one data folder. */
export interface Supervisor {
  targets: ReadonlyMap<string, RunningTarget>;
  startedAt: string;
  /** Finds a target, or makes it with a front door on the wanted port (0: any). @throws Error when the port is taken */
  ensureTarget(key: string, wantedPort: number): Promise<RunningTarget>;
  /** Writes the state; when it returns, the change survives. */
  save(): void;
  /** Brings all processes closer to what is wanted, now instead of at the next tick. */
  tend(): Promise<void>;
  /** Closes the front doors; `withProcesses` ends all released processes as well. */
  close(withProcesses: boolean): Promise<void>;
}

export interface SuperviseOptions {
  stateFile: string;
  launcher: Launcher;
  /** The address on which front doors listen. */
  host: string;
}

const tickMs = 100;

/**
 * Opens the targets of a state file, adopts their living processes and tends all of them until closed. A door whose port
 * somebody else has opens as soon as that one lets go; it keeps nobody else waiting.
 */
export async function supervise({ stateFile, launcher, host }: SuperviseOptions): Promise<Supervisor> {
  const state = readState(stateFile);
  const targets = new Map(Object.entries(state.targets).map(([key, stored]) => [key, openTarget(key, stored)]));
  const opening = new Map<string, Promise<RunningTarget>>();
  let tending: Promise<void> | null = null;
  await reopen([...targets.values()], host);
  const timer = setInterval(() => void tend(), tickMs);
  return { targets, startedAt: new Date().toISOString(), save, tend, close, ensureTarget };

  function save(): void {
    writeState(stateFile, state);
  }

  async function tend(): Promise<void> {
    tending ??= tendAll(targets, { launcher, host })
      .then((changed) => (changed ? save() : undefined))
      .finally(() => {
        tending = null;
      });
    return tending;
  }

  async function ensureTarget(key: string, wantedPort: number): Promise<RunningTarget> {
    const known = targets.get(key);
    if (known !== undefined) return known;
    const begun = opening.get(key) ?? create(key, wantedPort).finally(() => opening.delete(key));
    opening.set(key, begun);
    return begun;
  }

  async function create(key: string, wantedPort: number): Promise<RunningTarget> {
    const stored: TargetState = { epoch: 0, port: 0, weights: {}, releases: {} };
    const target = openTarget(key, stored);
    const taken = Object.values(state.targets).map(({ port }) => port);
    stored.port = await openDoorNear(target.server, { host, port: wantedPort }, taken);
    state.targets[key] = stored;
    targets.set(key, target);
    save();
    return target;
  }

  async function close(withProcesses: boolean): Promise<void> {
    if (withProcesses) await stopAll(targets, tend);
    clearInterval(timer);
    await tending;
    for (const { server } of targets.values()) closeDoor(server);
    save();
  }
}

// The door opens once those who were ready before can be asked again, so that nobody is turned away for that.
async function reopen(targets: readonly RunningTarget[], host: string): Promise<void> {
  const releases = targets.flatMap((target) => [...target.releases.values()]);
  await Promise.all(releases.map(waitForAdopted));
  for (const { key, state, isTaken } of await openClosed(targets, host)) {
    if (isTaken) process.stderr.write(`The port ${state.port} of ${key} is taken; its door opens once it is free\n`);
  }
}

async function openClosed(targets: readonly RunningTarget[], host: string) {
  const closed = targets.filter(({ server }) => !server.listening);
  return Promise.all(
    closed.map(async ({ key, server, state }) => {
      const isTaken = await openDoor(server, { host, port: state.port }).then(() => false, isPortTaken);
      return { key, state, isTaken };
    }),
  );
}

interface Tending {
  launcher: Launcher;
  host: string;
}

async function tendAll(targets: ReadonlyMap<string, RunningTarget>, { launcher, host }: Tending): Promise<boolean> {
  const releases = [...targets.values()].flatMap((target) => [...target.releases.values()]);
  await openClosed([...targets.values()], host);
  const changes = await Promise.all(releases.map(async (release) => tendRelease(release, launcher)));
  return changes.includes(true);
}

async function stopAll(targets: ReadonlyMap<string, RunningTarget>, tend: () => Promise<void>): Promise<void> {
  const releases = [...targets.values()].flatMap((target) => [...target.releases.values()]);
  for (const { state } of releases) state.wanted = 0;
  while (releases.some(({ replicas }) => replicas.length > 0)) {
    await tend();
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}
