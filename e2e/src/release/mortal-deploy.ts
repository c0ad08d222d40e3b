import { createPorts, createService, type Settings } from '@orchestra/deploy';
import type { Backends, RunningService } from '@orchestra/runtime';
import { createLife, type Life } from './life.ts';
import type { Start } from './start-services.ts';

/** A deploy that can be made to die. */
export interface MortalDeploy {
  /** From now on it dies after each effect on the target after which it has not died before, and is started anew. */
  dieAfterEachEffect(): void;
  /** The effects after which it died. */
  deaths: readonly string[];
  stop(): Promise<void>;
}

type Releases = ReturnType<typeof createPorts>['releases'];

/** Starts deploy. Each death is one at the worst moment: what it did is done, and nobody has heard of it. */
export async function startMortalDeploy(
  settings: Settings,
  backends: Backends,
  start: (backends: Backends) => Start,
): Promise<MortalDeploy> {
  const deaths: string[] = [];
  const dead: { life: Life; service: Promise<RunningService> }[] = [];
  let isMortal = false;
  let current = live();
  await current;
  return {
    deaths,
    dieAfterEachEffect() {
      isMortal = true;
    },
    async stop() {
      await (await current).stop();
      for (const { life } of dead) life.bury();
      await Promise.allSettled(dead.map(async ({ service }) => (await service).stop()));
    },
  };

  async function live(): Promise<RunningService> {
    const life = createLife();
    const ports = createPorts(settings);
    const releases = life.hold(telling(ports.releases, fall));
    return start(life.backends(backends))(createService({ ...ports, releases }));

    function fall(effect: string): void {
      if (!isMortal || deaths.includes(effect)) return;
      deaths.push(effect);
      life.end();
      dead.push({ life, service: current });
      current = live();
    }
  }
}

/** Tells of each effect as soon as it is done. */
function telling(releases: Releases, tell: (effect: string) => void): Releases {
  return {
    ...releases,
    async bringUp(move, signal) {
      const serving = await releases.bringUp(move, signal);
      tell(`${move.startable.release} has ${move.startable.replicas}`);
      return serving;
    },
    async share(move, signal) {
      const serving = await releases.share(move, signal);
      tell(`shares ${JSON.stringify(move.weights)}`);
      return serving;
    },
    async retire(move, signal) {
      await releases.retire(move, signal);
      if (move.releases.length > 0) tell(`${move.releases.join()} is gone`);
    },
    async giveBack(move, signal) {
      const serving = await releases.giveBack(move, signal);
      tell(`all to ${move.to.release}`);
      return serving;
    },
  };
}
