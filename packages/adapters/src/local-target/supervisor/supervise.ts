import type { Launcher } from './launch.ts';
import { closeDoor, noneIfTaken, openDoor, portNear } from './open-door.ts';
import { waitForAdopted, tendRelease } from './running-release.ts';
import { isShut, openTarget, type RunningTarget } from './running-target.ts';
import { readState, writeState } from './state-file.ts';

/** All targets of one data folder. */
export interface Supervisor {
  targets: ReadonlyMap<string, RunningTarget>;
  startedAt: string;
  /**
   * Finds a target, or makes it with a front door on the wanted port (0: any). Where somebody else has that port, the target is
   * shut until it is free or another one is wanted. A new one survives with the next `save`.
   */
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
  let making: Promise<unknown> = Promise.resolve();
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
    if (known !== undefined && !isShut(known)) return known;
    // One after the other: who wants the same port has to see who has it.
    const made = making.then(() => makeTarget(key, wantedPort));
    making = made.catch(() => undefined);
    return made;
  }

  async function makeTarget(key: string, wantedPort: number): Promise<RunningTarget> {
    const port = portNear(wantedPort, portsBeside(targets, key));
    const known = targets.get(key);
    if (known !== undefined) return isShut(known) ? reopenAt(known, port) : known;
    const target = openTarget(key, { epoch: 0, port, weights: {}, releases: {} });
    await openClosed([target], host);
    state.targets[key] = target.state;
    targets.set(key, target);
    return target;
  }

  // The look at all doors that is under way may have tried this one before.
  async function reopenAt(target: RunningTarget, port: number): Promise<RunningTarget> {
    await tending;
    target.state.port = port;
    await tend();
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

function portsBeside(targets: ReadonlyMap<string, RunningTarget>, key: string): ReadonlySet<number> {
  const others = [...targets.values()].filter((target) => target.key !== key);
  return new Set(others.map(({ state }) => state.port));
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
      const port = await openDoor(server, { host, port: state.port }).catch(noneIfTaken);
      if (port !== null) state.port = port;
      return { key, state, isTaken: port === null };
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
